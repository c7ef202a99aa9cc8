//! A real Chromium without a window, told what to do over its own protocol: messages of JSON, each ended by a zero byte, on two pipes
//! (`--remote-debugging-pipe`).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Names that it is installed under.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// How long a page may take for anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// Desktop, and a phone.
pub(super) const WIDE: (u32, u32) = (1280, 900);
pub(super) const NARROW: (u32, u32) = (360, 740);

pub(super) struct Browser {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    /// Of the one page.
    session: String,
    last: u64,
    /// What the page said to its console: errors, what its policy refused.
    pub(super) complaints: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub(super) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-extensions",
            "--remote-debugging-pipe",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "about:blank",
        ];
        // Its pipes are the descriptors 3 and 4.
        #[expect(clippy::disallowed_methods, reason = "the tests run a browser")]
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh", &program()])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut browser =
            Self { child, to, from, session: String::new(), last: 0, complaints: Vec::new(), _profile: profile };
        let page = browser.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let attached = browser.ask("Target.attachToTarget", &json!({"targetId": page["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Log", "Performance"] {
            browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        browser.size(WIDE);
        browser
    }

    /// What a method of the protocol answers.
    pub(super) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        let started = Instant::now();
        loop {
            let mut bytes = Vec::new();
            self.from.read_until(0, &mut bytes).unwrap();
            assert_eq!(bytes.pop(), Some(0), "the browser is gone");
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            if matches!(
                answer["method"].as_str(),
                Some("Log.entryAdded" | "Runtime.exceptionThrown" | "Runtime.consoleAPICalled")
            ) {
                self.complaints.push(answer["params"].clone());
            }
            assert!(started.elapsed() < PATIENCE, "{method} is not answered");
        }
    }

    /// Opens a file and waits until it is drawn.
    pub(super) fn open(&mut self, path: &Path) {
        self.load(path);
        self.act("");
    }

    /// Opens a file and waits until it is there; also where its scripts may not run.
    pub(super) fn load(&mut self, path: &Path) {
        self.ask("Page.navigate", &json!({"url": format!("file://{}", path.display())}));
        let started = Instant::now();
        while self.value("document.readyState === 'complete' && location.protocol === 'file:'") != json!(true) {
            assert!(started.elapsed() < PATIENCE, "the page is not there");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What an expression comes to in the page.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    pub(super) fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("`{expression}` is no text")).to_owned()
    }

    /// Does something in the page, and waits until what it changed is drawn.
    pub(super) fn act(&mut self, action: &str) {
        self.value(&format!(
            "new Promise(drawn => {{ {action}; requestAnimationFrame(() => setTimeout(() => drawn(true))) }})"
        ));
    }

    /// What something costs: milliseconds of the page's processor time, which other programs don't change, and of the clock.
    pub(super) fn cost(&mut self, act: impl FnOnce(&mut Self)) -> (f64, f64) {
        let (before, started) = (self.processor_ms(), Instant::now());
        act(self);
        let clock = started.elapsed().as_secs_f64() * 1000.0;
        (self.processor_ms() - before, clock)
    }

    /// Milliseconds of processor time that the process of the page has had.
    pub(super) fn processor_ms(&mut self) -> f64 {
        let answer = self.ask("Performance.getMetrics", &json!({}));
        let metrics = answer["metrics"].as_array().unwrap();
        let found = metrics.iter().find(|metric| metric["name"] == "ProcessTime");
        found.unwrap_or_else(|| panic!("the browser does not tell its processor time: {answer}"))["value"]
            .as_f64()
            .unwrap()
            * 1000.0
    }

    /// A press of a key, as a keyboard sends it.
    pub(super) fn key(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }

    pub(super) fn size(&mut self, (width, height): (u32, u32)) {
        let mobile = width < 600;
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}),
        );
    }

    /// `light` or `dark`.
    pub(super) fn scheme(&mut self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Keeps a picture, or paper, where `GRADE_TEST_PICTURES` names a folder for it.
    pub(super) fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("GRADE_TEST_PICTURES") else { return };
        let answer = if Path::new(name).extension().is_some_and(|end| end == "pdf") {
            self.ask("Page.printToPDF", &json!({"printBackground": false}))
        } else {
            self.ask("Page.captureScreenshot", &json!({"captureBeyondViewport": true}))
        };
        let bytes = data_encoding::BASE64.decode(answer["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when its pipe does; what is left of it is ended for good.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(5) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> String {
    if let Ok(named) = std::env::var("GRADE_TEST_BROWSER") {
        return named;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = NAMES.iter().find(|name| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    let told = "these tests open the pages in a real Chromium, and there is none: `apt-get install chromium`, or name one in GRADE_TEST_BROWSER";
    (*found.unwrap_or_else(|| panic!("{told}"))).to_owned()
}
