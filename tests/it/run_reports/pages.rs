//! The pages of `grade report --format html` in a real browser.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::browser::{Browser, NARROW, WIDE};
use super::cast::{Cast, Part, everybody, learner, part};
use crate::reports::verdicts;

/// What 10,000 submissions may take to open, sort and filter, in milliseconds of the page's processor time: on a machine that has time for it, it takes no longer than that.
const AT_ONCE: f64 = 1000.0;

fn pages(parts: Vec<Part>) -> (Cast, PathBuf) {
    let cast = Cast::new(parts);
    cast.told("html", &["--out", "pages"]);
    let pages = cast.path("pages");
    (cast, pages)
}

/// Names, keys and words that a page would have to be broken to obey.
fn hostile() -> Vec<Part> {
    let evil = "</td></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">'\"><svg onload=document.title='owned'>";
    let mut verdict = verdicts::hostile();
    for check in &mut verdict.checks {
        check.title = evil.to_owned() + &check.title;
        check.message = evil.to_owned() + &check.message;
        check.stdout = evil.to_owned();
        check.actual = Some(evil.to_owned());
    }
    let mut other = learner(&format!("javascript:{evil}"), &format!("{evil}\u{202e}\u{1b}[2J"));
    other.section = Some(evil.to_owned());
    let mut plain = part(learner("ada", "Ada Lovelace"), verdicts::all_passed());
    plain.late = true;
    vec![part(other, verdict), plain]
}

#[test]
fn nothing_that_a_learner_wrote_is_obeyed() {
    let (_cast, pages) = pages(hostile());
    let mut browser = Browser::start();
    let mut all: Vec<PathBuf> =
        fs::read_dir(pages.join("learners")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.push(pages.join("index.html"));
    assert_eq!(all.len(), 3);
    for page in &all {
        browser.open(page);
        assert_ne!(browser.text("document.title"), "owned", "{}", page.display());
        // Nothing but our own elements: a table's worth of SVG bars, one style, at most one script that runs.
        assert_eq!(
            browser.value("document.querySelectorAll('img, iframe, object, svg[onload], [onerror]').length"),
            json!(0)
        );
        assert_eq!(
            browser.value("[...document.querySelectorAll('a')].every(a => !a.href.startsWith('javascript:'))"),
            json!(true)
        );
        let shown = browser.text("document.body.innerText");
        assert!(!shown.contains(['\u{202e}', '\u{1b}', '\u{200b}']), "{shown}");
    }
    assert!(
        browser.text("document.body.innerText").contains("<script>document.title='owned'</script>"),
        "it is shown as it was written"
    );
    assert_eq!(browser.complaints, Vec::<serde_json::Value>::new());
}

#[test]
fn a_page_allows_no_script_but_its_own_and_loads_nothing() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    browser.open(&pages.join("index.html"));
    assert_eq!(browser.complaints, Vec::<serde_json::Value>::new(), "its own style and script are allowed");
    browser.value("document.body.insertAdjacentHTML('beforeend', '<img src=http://127.0.0.1:9/x onerror=1><p style=color:red id=styled>')");
    browser.value(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.owned = 1'}))",
    );
    browser.value("new Promise(done => setTimeout(done, 200))");
    assert_eq!(browser.value("window.owned === undefined"), json!(true));
    assert_eq!(browser.value("document.getElementById('styled').style.color"), json!(""));
    let told = serde_json::to_string(&browser.complaints).unwrap();
    assert!(told.contains("Content Security Policy"), "{told}");
    assert_eq!(
        browser.value("performance.getEntriesByType('resource').filter(entry => entry.responseStatus === 200).length"),
        json!(0)
    );
}

#[test]
fn a_page_of_a_learner_holds_nothing_of_anybody_else() {
    let (_cast, pages) = pages(everybody());
    let people = [
        ("ada", "Lovelace"),
        ("emmy", "Noether"),
        ("grace", "Hopper"),
        ("linus", "Pauling"),
        ("marie", "Curie"),
        ("max", "Planck"),
        ("niels", "Bohr"),
        ("zoe", "Zuse"),
    ];
    for (key, own) in people.iter().filter(|(key, _)| *key != "zoe") {
        let text = fs::read_to_string(pages.join(format!("learners/{key}.html"))).unwrap();
        assert!(text.contains(own), "{key}");
        assert!(!text.contains("href") && !text.contains("<script"), "{key} leads somewhere");
        for (_, other) in people.iter().filter(|(other, _)| other != key) {
            assert!(!text.contains(other), "{other} is on the page of {key}");
        }
        assert!(!text.contains("downloads"), "{key}: where it was found is the instructor's business");
    }
}

#[test]
fn the_first_thing_to_mend_is_shown_with_the_learners_own_line() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    browser.open(&pages.join("learners/emmy.html"));
    let text = browser.text("document.body.innerText");
    for words in [
        "Emmy Noether",
        "4 of 6 points",
        "retry stops at the first success",
        "only 'calls' differs",
        "{'value': 'done', 'calls': 4}",
        "week1/day4/decorators.py:2",
        "return result",
        "Return as soon as the call works.",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(browser.text("[...document.querySelectorAll('.got mark')].map(mark => mark.textContent).join()"), "6");
    assert_eq!(
        browser.value("[...document.querySelectorAll('h1, h2, h3')].map(h => h.tagName).join(' ')"),
        json!("H1 H2 H3 H3 H2")
    );
}

#[test]
fn the_table_is_sorted_and_filtered_by_keyboard() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    browser.open(&pages.join("index.html"));
    let order = "[...document.querySelectorAll('#rows th bdi:first-child')].map(cell => cell.textContent).filter(Boolean).join(' ')";
    let first_names = "[...document.querySelectorAll('#rows tr')].map(row => row.querySelector('th').textContent.split(/[ ,]/)[0]).join(' ')";
    assert_eq!(browser.text(first_names), "ada emmy grace linus max niels zoe", "{order}");
    assert_eq!(browser.value("document.querySelectorAll('#table th[aria-sort]').length"), json!(0));
    // Enter on the header of a column sorts by it, once more turns it around; no verdict comes last either way.
    browser.value("document.querySelector('[data-key=earned] button').focus()");
    browser.key("Enter", 13);
    assert_eq!(browser.text("document.querySelector('[data-key=earned]').getAttribute('aria-sort')"), "ascending");
    assert_eq!(browser.text(first_names), "max emmy grace linus ada niels zoe");
    browser.key("Enter", 13);
    assert_eq!(browser.text("document.querySelector('[data-key=earned]').getAttribute('aria-sort')"), "descending");
    assert_eq!(browser.text(first_names), "ada emmy grace linus max niels zoe");
    // Typing filters, and what is left is said to who can't see it.
    browser.value("document.getElementById('find').focus()");
    browser.ask("Input.insertText", &json!({"text": "GRACE hop"}));
    assert_eq!(browser.text(first_names), "grace");
    assert_eq!(browser.text("document.querySelector('[role=status]').textContent"), "1 of 7");
    browser.value("document.querySelector('button[type=reset]').click()");
    browser.value("new Promise(done => setTimeout(done, 50))");
    browser.value("{ const select = document.getElementById('check'); select.selectedIndex = 1; select.dispatchEvent(new Event('change')) }");
    assert_eq!(browser.value("document.querySelectorAll('#rows tr').length"), json!(1));
    // The first stop of the tabulator skips to the learners; each place that is reached shows it.
    browser.open(&pages.join("index.html"));
    browser.key("Tab", 9);
    assert_eq!(browser.text("document.activeElement.className"), "skip");
    for _ in 0..8 {
        assert_ne!(browser.text("getComputedStyle(document.activeElement).outlineStyle"), "none");
        browser.key("Tab", 9);
    }
}

#[test]
fn tables_can_be_read_to_somebody() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    browser.open(&pages.join("index.html"));
    for (what, expression) in [
        ("headers have a scope", "[...document.querySelectorAll('th')].every(th => ['col', 'row'].includes(th.scope))"),
        (
            "each row begins with its header",
            "[...document.querySelectorAll('tbody tr')].every(tr => tr.cells[0].tagName === 'TH')",
        ),
        (
            "fields have labels",
            "[...document.querySelectorAll('input, select')].every(field => field.labels.length === 1)",
        ),
        (
            "regions have names",
            "[...document.querySelectorAll('[role=region], section')].every(part => document.getElementById(part.getAttribute('aria-labelledby')).textContent)",
        ),
        ("the language is said", "document.documentElement.lang === 'en'"),
        (
            "ids are unique",
            "new Set([...document.querySelectorAll('[id]')].map(part => part.id)).size === document.querySelectorAll('[id]').length",
        ),
        (
            "what is a link or a button says so",
            "[...document.querySelectorAll('a, button')].every(part => part.textContent.trim())",
        ),
    ] {
        assert_eq!(browser.value(expression), json!(true), "{what}");
    }
}

/// The least contrast between a text and what is behind it, over all that is shown: 4.5 is enough (WCAG 2.2, 1.4.3).
const CONTRAST: &str = r"(() => {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => { const [r, g, b] = channels(color).slice(0, 3).map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (part) => { for (; part; part = part.parentElement) { const color = getComputedStyle(part).backgroundColor; const [, , , alpha = 1] = channels(color); if (alpha > 0) return color; } return 'rgb(255,255,255)'; };
  let least = 99;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const part = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || ['SCRIPT', 'NOSCRIPT', 'OPTION'].includes(part.tagName) || !part.checkVisibility()) continue;
    const [a, b] = [luminance(getComputedStyle(part).color), luminance(behind(part))].sort((a, b) => b - a);
    least = Math.min(least, (a + 0.05) / (b + 0.05));
  }
  return least;
})()";

#[test]
fn pages_can_be_read_in_light_and_dark_on_a_phone_and_on_paper() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    for (name, path) in [
        ("class", "index.html"),
        ("emmy", "learners/emmy.html"),
        ("grace", "learners/grace.html"),
        ("max", "learners/max.html"),
    ] {
        browser.open(&pages.join(path));
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            let contrast = browser.value(CONTRAST).as_f64().unwrap();
            assert!(contrast >= 4.5, "{name} in {scheme}: {contrast}");
            browser.picture(&format!("{name}-{scheme}.png"));
        }
        browser.scheme("light");
        browser.size(NARROW);
        let over = browser.value("document.documentElement.scrollWidth - innerWidth").as_f64().unwrap();
        assert!(over <= 0.0, "{name} is {over} pixels wider than a phone");
        browser.picture(&format!("{name}-phone.png"));
        browser.size(WIDE);
        browser.picture(&format!("{name}.pdf"));
    }
}

#[test]
fn without_a_script_the_table_is_there() {
    let (_cast, pages) = pages(everybody());
    let mut browser = Browser::start();
    browser.ask("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
    browser.load(&pages.join("index.html"));
    assert_eq!(browser.value("document.querySelectorAll('#rows tr').length"), json!(7));
    assert_eq!(browser.value("document.getElementById('filter').hidden"), json!(true));
}

#[test]
fn ten_thousand_submissions_open_sort_and_filter_at_once() {
    let parts = (0..10_000u32).map(|number| {
        let mut verdict = match number % 5 {
            0 => verdicts::wrong_value(),
            1 => verdicts::exception(),
            _ => verdicts::all_passed(),
        };
        verdict.score.earned = f64::from(number % 7);
        part(learner(&format!("s{number:05}"), &format!("Learner Number {}", number * 7919 % 10_000)), verdict)
    });
    let (_cast, pages) = pages(parts.collect());
    let mut browser = Browser::start();
    let began = std::time::Instant::now();
    browser.open(&pages.join("index.html"));
    // All that the page's process has cost since it was started.
    let opened = (browser.processor_ms(), began.elapsed().as_secs_f64() * 1000.0);
    let mut took = vec![("opens", opened)];
    let click = |key: &str| format!("document.querySelector('[data-key={key}] button').click()");
    let find = |words: &str| {
        format!(
            "{{ const find = document.getElementById('find'); find.value = '{words}'; find.dispatchEvent(new Event('input')) }}"
        )
    };
    let check = "{ const select = document.getElementById('check'); select.selectedIndex = 1; select.dispatchEvent(new Event('change')) }";
    for (what, action) in [
        ("sorts by points", click("earned")),
        ("sorts by learner", click("learner")),
        ("sorts by reason", click("reason")),
        ("filters by a letter", find("r")),
        ("filters by words", find("number 99 retry")),
        ("shows all", find("")),
        ("filters by a check", check.to_owned()),
    ] {
        took.push((what, browser.cost(|browser| browser.act(&action))));
    }
    assert!(browser.text("document.querySelector('[role=status]').textContent").ends_with("of 10001"));
    println!("[(what, (milliseconds of processor, of the clock))]: {took:.0?}");
    // A busy machine says nothing about pages: held only where somebody asks for it.
    if std::env::var_os("GRADE_TEST_TIMES").is_some() {
        let slow: Vec<_> = took.iter().filter(|(_, (ms, _))| *ms >= AT_ONCE).collect();
        assert!(slow.is_empty(), "{slow:?}");
    }
}
