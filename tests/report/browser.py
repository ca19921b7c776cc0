# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium, as the tests of the page see through it: boxes, colours, words, and what it prints."""
import base64
import json
import os
import select
import subprocess
import time

PATIENCE_S = 60

# What sticks out of the window or of its picture, is cut off without a scroll bar and its shadow, or lies on
# other words; of what can be seen now.
COMPLAINTS = """(() => {
	const bad = [], wide = document.documentElement.clientWidth, seen = e => e.getBoundingClientRect();
	const say = (what, e) => bad.push(what + ': ' + e.tagName + '.' + (e.getAttribute('class') || '') + ' ' +
		e.textContent.slice(0, 60) + ' ' + JSON.stringify(seen(e)));
	for (const e of document.querySelectorAll('body *')) {
		const box = seen(e), style = getComputedStyle(e), scroll = e.closest('.scroll');
		if (!box.width || !box.height || e.closest('svg') || !e.checkVisibility()) continue;
		if (!(scroll && scroll !== e) && (box.right > wide + 1 || box.left < -1)) say('outside', e);
		if (e.scrollWidth > e.clientWidth + 1 && style.overflowX !== 'visible' && !e.matches('.scroll, pre'))
			say('cut off', e);
		if (style.textOverflow === 'ellipsis') say('shortened', e);
	}
	for (const svg of document.querySelectorAll('svg[role=img]')) {
		const frame = seen(svg), words = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
		if (!frame.width || !svg.checkVisibility()) continue;
		const boxes = words.map(seen);
		words.forEach((t, i) => {
			const b = boxes[i];
			if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 2 ||
			    b.bottom > frame.bottom + 2) say('outside of its picture', t);
			for (let k = 0; k < i; k++) {
				const c = boxes[k], x = Math.min(b.right, c.right) - Math.max(b.left, c.left);
				const y = Math.min(b.bottom, c.bottom) - Math.max(b.top, c.top);
				if (x > 2 && y > b.height / 2) say('on "' + words[k].textContent + '"', t);
			}
		});
	}
	return JSON.stringify(bad);
})()"""


class Browser:
    """Chromium's own protocol, over the pipes that it reads at 3 and writes at 4."""

    def __init__(self, program, profile):
        to_read, self.out = os.pipe()
        self.into, to_write = os.pipe()
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                   "--no-first-run", "--user-data-dir=" + profile]
        self.child = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "sh", *command], pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.text, self.number, self.events = b"", 0, []

    def message(self, deadline):
        while b"\0" not in self.text:
            ready, _, _ = select.select([self.into], [], [], max(0, deadline - time.monotonic()))
            part = os.read(self.into, 1 << 16) if ready else b""
            if not part:
                raise AssertionError("the browser says nothing")
            self.text += part
        one, _, self.text = self.text.partition(b"\0")
        return json.loads(one)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.message(deadline)
            if answer.get("id") == self.number:
                assert "result" in answer, answer
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        deadline = time.monotonic() + PATIENCE_S
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.message(deadline))

    def close(self):
        self.call("Browser.close")
        os.close(self.out)
        os.close(self.into)
        self.child.wait(PATIENCE_S)


class Tab:
    """A page as it is seen at this width, in the light or in the dark."""

    def __init__(self, browser, path, width, dark=False, height=844):
        self.browser, self.path = browser, path
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Performance"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        browser.events.clear()
        self.call("Page.navigate", url="file://" + path)
        browser.wait("Page.loadEventFired")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, text):
        return self.call("Runtime.evaluate", expression=text)["result"].get("value")

    def open_all(self):
        self.evaluate("document.querySelectorAll('details').forEach(d => d.open = true), 1")

    def complaints(self):
        return json.loads(self.evaluate(COMPLAINTS))

    def picture(self):
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def sheet(self):
        """What it prints, as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def console(self):
        return [e for e in self.browser.events if e.get("method") in (
            "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]

    def asked(self):
        return [e["params"]["request"]["url"] for e in self.browser.events
                if e.get("method") == "Network.requestWillBeSent"]

    def seconds(self):
        metrics = self.call("Performance.getMetrics")["metrics"]
        return {m["name"]: m["value"] for m in metrics}["TaskDuration"]

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
