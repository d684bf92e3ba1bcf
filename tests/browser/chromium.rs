//! A Chromium without a window: found, started, and spoken to in the DevTools protocol over two pipes.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

/// Names under which the browser is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// How long an answer may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// One browser at a time: several would only wait for each other.
static ONE: Mutex<()> = Mutex::new(());

/// A running browser.
pub struct Chromium {
    process: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    next: u64,
    /// What the browser said without being asked.
    pub events: VecDeque<Value>,
    _profile: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Chromium {
    /// Starts a browser; `None` where there is none.
    pub fn start() -> Option<Self> {
        let turn = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let program = find()?;
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            // The browser reads from its third descriptor and answers on its fourth.
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1"])
            .arg(program)
            .args(["--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .args(["--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--disable-extensions", "--force-color-profile=srgb", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = process.stdin.take();
        let out = process.stdout.take().unwrap();
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut message = Vec::new();
            while out.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if send.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        Some(Self { process, to, from, next: 0, events: VecDeque::new(), _profile: profile, _turn: turn })
    }

    /// Asks for something, and waits for the answer; what else is said meanwhile is kept.
    pub fn call(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let pipe = self.to.as_mut().ok_or("the browser is closed")?;
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        pipe.write_all(&bytes).and_then(|()| pipe.flush()).map_err(|error| format!("{method}: {error}"))?;
        loop {
            let answer = self.from.recv_timeout(PATIENCE).map_err(|_| format!("{method}: no answer"))?;
            if answer["id"] != json!(id) {
                self.events.push_back(answer);
                continue;
            }
            return match answer.get("error") {
                Some(error) => Err(format!("{method}: {error}")),
                None => Ok(answer["result"].clone()),
            };
        }
    }

    /// Waits for something to be said, among what was said already and what comes.
    pub fn wait_for(&mut self, session: &str, method: &str) -> Value {
        let wanted = |event: &Value| event["method"] == method && event["sessionId"] == session;
        if let Some(place) = self.events.iter().position(wanted) {
            return self.events.remove(place).unwrap();
        }
        loop {
            let event = self.from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{method} never came"));
            if wanted(&event) {
                return event;
            }
            self.events.push_back(event);
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked first, so that its own processes end with it; then the pipe's end tells it once more.
        if let Some(mut pipe) = self.to.take() {
            let _ = pipe.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        }
        for _ in 0..50 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether there is a browser; where there is none, that is said on standard error, or a failure if one is required.
pub fn is_there() -> bool {
    if find().is_some() {
        return true;
    }
    let required = std::env::var_os("LINGER_BROWSER").is_some_and(|wish| wish == "required");
    assert!(!required, "LINGER_BROWSER=required, and none of {NAMES:?} is on the path and starts");
    // Not by a macro, whose words the test harness would keep to itself.
    let _ = writeln!(std::io::stderr(), "skipped: no Chromium on the path, so no page was tried in a browser");
    false
}

/// The browser's program, if it is on the path and starts: under some of the names there may only be a note where to get it.
fn find() -> Option<&'static PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let starts = |program: &PathBuf| {
        let said = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        said.is_ok_and(|said| said.status.success())
    };
    let look = || {
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let candidates = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        candidates.into_iter().find(|program| program.is_file() && starts(program))
    };
    FOUND.get_or_init(look).as_ref()
}
