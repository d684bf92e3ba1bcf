//! A tab of the browser with a page in it: looked at and used as a reader would, by mouse and keyboard.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::chromium::Chromium;

/// How long something that should happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page that is open. Whatever it asks of a network is refused and remembered.
pub struct Page {
    browser: Chromium,
    session: String,
    width: u32,
}

impl Page {
    /// Opens a file in a window of so many pixels across; `None` where there is no browser.
    pub fn open(file: &Path, width: u32) -> Option<Self> {
        let mut browser = Chromium::start()?;
        let target = browser.call(None, "Target.createTarget", json!({ "url": "about:blank" })).unwrap();
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call(None, "Target.attachToTarget", target).unwrap();
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let mut page = Self { browser, session, width };
        for domain in ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        page.call("Network.emulateNetworkConditions", offline);
        page.resize(width);
        page.go(&format!("file://{}", file.display()));
        Some(page)
    }

    /// Goes to an address and waits until it is loaded.
    pub fn go(&mut self, address: &str) {
        self.call("Page.navigate", json!({ "url": address }));
        let session = self.session.clone();
        self.browser.wait_for(&session, "Page.loadEventFired");
        self.settle();
    }

    /// Makes the window so many pixels wide.
    pub fn resize(&mut self, width: u32) {
        self.width = width;
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        self.settle();
    }

    /// Prefers the dark or the light look.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
        self.settle();
    }

    /// Asks the browser for something.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        let session = self.session.clone();
        self.browser.call(Some(&session), method, parameters).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The value of an expression in the page; a promise is waited for.
    pub fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", parameters);
        let problem = answer.get("exceptionDetails");
        assert!(problem.is_none(), "{}: {problem:?}", expression.chars().take(200).collect::<String>());
        answer["result"]["value"].clone()
    }

    /// The value of an expression that is text.
    pub fn text(&mut self, expression: &str) -> String {
        match self.value(expression) {
            Value::String(text) => text,
            other => panic!("{expression} is no text but {other}"),
        }
    }

    /// Waits until an expression is true.
    pub fn until(&mut self, expression: &str) {
        let begin = Instant::now();
        while self.value(&format!("Boolean({expression})")) != json!(true) {
            assert!(begin.elapsed() < PATIENCE, "never true: {expression}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until what was set off has been drawn.
    pub fn settle(&mut self) {
        self.value(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))",
        );
    }

    /// Waits until nothing moves any more: colours that change, figures that grow into sight.
    pub fn rest(&mut self) {
        self.settle();
        self.value("Promise.allSettled(document.getAnimations().map(own => own.finished)).then(() => null)");
        self.settle();
    }

    /// The middle of an element, scrolled into view.
    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector({}); if (!e) return null; \
             e.scrollIntoView({{ block: 'center', inline: 'nearest', behavior: 'instant' }}); const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()",
            json!(selector)
        ));
        let number = |place: &Value| place.as_f64().unwrap_or_else(|| panic!("there is no {selector}"));
        (number(&place[0]), number(&place[1]))
    }

    /// Clicks on an element with the mouse.
    pub fn click(&mut self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.mouse("mouseMoved", (x, y), 0);
        self.mouse("mousePressed", (x, y), 1);
        self.mouse("mouseReleased", (x, y), 0);
        self.settle();
    }

    /// Presses the mouse on an element, moves it by so many pixels in steps, and lets go.
    pub fn drag(&mut self, selector: &str, (right, down): (f64, f64)) {
        let (x, y) = self.middle(selector);
        self.drag_from((x, y), &[(x + right, y + down)]);
    }

    /// Drags the mouse from a place through others.
    pub fn drag_from(&mut self, start: (f64, f64), places: &[(f64, f64)]) {
        self.mouse("mouseMoved", start, 0);
        self.mouse("mousePressed", start, 1);
        let mut before = start;
        for &place in places {
            for step in 1..=8 {
                let share = f64::from(step) / 8.0;
                let at = (before.0 + share * (place.0 - before.0), before.1 + share * (place.1 - before.1));
                self.mouse("mouseMoved", at, 1);
            }
            before = place;
        }
        self.mouse("mouseReleased", before, 0);
        self.settle();
    }

    fn mouse(&mut self, kind: &str, (x, y): (f64, f64), buttons: u8) {
        let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
        let clicks = u8::from(kind != "mouseMoved");
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": clicks });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Presses a key by its name, e.g. `Tab`, `ArrowRight`, `Enter` or a letter.
    pub fn press(&mut self, key: &str) {
        let (code, number, text) = match key {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            "Escape" => ("Escape", 27, ""),
            " " => ("Space", 32, " "),
            "PageUp" => ("PageUp", 33, ""),
            "PageDown" => ("PageDown", 34, ""),
            "End" => ("End", 35, ""),
            "Home" => ("Home", 36, ""),
            "ArrowLeft" => ("ArrowLeft", 37, ""),
            "ArrowUp" => ("ArrowUp", 38, ""),
            "ArrowRight" => ("ArrowRight", 39, ""),
            "ArrowDown" => ("ArrowDown", 40, ""),
            letter => ("", letter.chars().next().map_or(0, |c| c.to_ascii_uppercase() as u32), letter),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let event = |kind: &str, text: &str| {
            let mut event = json!({ "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number });
            if !text.is_empty() {
                event["text"] = json!(text);
            }
            event
        };
        self.call("Input.dispatchKeyEvent", event(kind, text));
        self.call("Input.dispatchKeyEvent", event("keyUp", ""));
        self.settle();
    }

    /// Types over what stands in a field, as with the keyboard.
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.focus(selector);
        self.value(&format!("document.querySelector({}).select()", json!(selector)));
        text.chars().for_each(|letter| self.press(&letter.to_string()));
        self.press("Tab");
    }

    /// Moves the keyboard to an element.
    pub fn focus(&mut self, selector: &str) {
        self.value(&format!("document.querySelector({}).focus()", json!(selector)));
        self.settle();
    }

    /// Elements that the tabulator reaches one after another, at most so many, each as `name#id.class`.
    pub fn tab_stops(&mut self, most: usize) -> Vec<String> {
        // From the beginning of the page, wherever the keyboard was before.
        self.value("document.body.setAttribute('tabindex', '-1'); document.body.focus(); document.body.removeAttribute('tabindex')");
        let mut stops = Vec::new();
        for _ in 0..most {
            self.press("Tab");
            let stop = self.text(
                "(() => { const e = document.activeElement; return e === document.body ? '' : \
                 e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className && e.className.baseVal === undefined ? '.' + e.className : ''); })()",
            );
            if stop.is_empty() {
                break;
            }
            stops.push(stop);
        }
        stops
    }

    /// A picture of the page as it stands, for people to look at.
    pub fn photograph(&mut self, file: &Path) {
        use base64::Engine as _;
        let size = self.call("Page.getLayoutMetrics", json!({}));
        let height = size["cssContentSize"]["height"].as_f64().unwrap_or(900.0).min(12_000.0);
        let clip = json!({ "x": 0, "y": 0, "width": self.width, "height": height, "scale": 1 });
        let shot = self.call("Page.captureScreenshot", json!({ "clip": clip, "captureBeyondViewport": true }));
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// What went wrong since the page was opened: errors of its script, and anything that it asked of a network.
    pub fn complaints(&mut self) -> Vec<String> {
        self.settle();
        self.browser.events.iter().filter_map(complaint).collect()
    }
}

/// What is wrong with an event, if anything.
fn complaint(event: &Value) -> Option<String> {
    let parameters = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(format!("exception: {}", parameters["exceptionDetails"])),
        "Runtime.consoleAPICalled" if ["error", "assert", "warning"].contains(&parameters["type"].as_str()?) => {
            Some(format!("console: {}", parameters["args"]))
        }
        "Log.entryAdded" if parameters["entry"]["level"] == "error" => Some(format!("log: {}", parameters["entry"])),
        "Network.requestWillBeSent" => {
            let address = parameters["request"]["url"].as_str()?;
            let is_own = ["file:", "data:", "blob:", "about:"].iter().any(|scheme| address.starts_with(scheme));
            (!is_own).then(|| format!("asked a network for {address}"))
        }
        "Network.webSocketCreated" => Some(format!("opened a socket: {}", parameters["url"])),
        _ => None,
    }
}
