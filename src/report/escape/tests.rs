//! What holds for every format: nothing breaks out, nothing is hidden, and what is shown can be read back.

use comrak::nodes::NodeValue;
use proptest::prelude::*;

use super::*;

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_hidden(c: char) -> bool {
    is_bidi(c)
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{e0001}'..='\u{e007f}')
}

/// Text of the kind that breaks out of things: control and format characters, markup of every format, and words.
fn nasty() -> impl Strategy<Value = String> {
    let markup = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "`",
        "```",
        "~~~",
        "]]>",
        "<!--",
        "-->",
        "</script>",
        "<img src=x onerror=a>",
        "&lt;",
        "&#39;",
        "=",
        "+",
        "-",
        "@",
        "@ada",
        "#1",
        "::error::",
        "##[error]",
        "::",
        ":",
        "%0A",
        "%",
        ",",
        ";",
        "|",
        "\\",
        "*",
        "_",
        "[a](b)",
        "![a](b)",
        "http://a.b",
        "https://a.b/c",
        "www.a.b",
        "a@b.cd",
        "1.",
        "2)",
        "# ",
        "> ",
        "- ",
        "    ",
        "\n",
        "\r",
        "\t",
        " ",
        "===",
        "---",
        "<a@b.c>",
        "$x$",
        "[^1]",
        "[ ]",
        ":smile:",
        "\u{1b}[2J",
        "\u{1b}]52;c;x\u{7}",
        "word",
        "é",
    ];
    let piece = prop_oneof![
        4 => prop::sample::select(markup.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (0u32..0xa0).prop_filter_map("char", char::from_u32).prop_map(String::from),
        1 => (0x2000u32..0x2070).prop_filter_map("char", char::from_u32).prop_map(String::from),
        1 => (0xfe00u32..0x1_0000).prop_filter_map("char", char::from_u32).prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

/// The text as every format shows it, before markup is dealt with.
fn plainly(text: &str) -> String {
    replaced(text, named_but_breaks).into_owned()
}

fn from_html(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// What a reader of GitHub's Markdown gets to see of a document; `None` when anything in it is markup.
fn rendered(document: &str) -> Option<String> {
    let mut options = comrak::Options::default();
    let on = &mut options.extension;
    (on.table, on.autolink, on.strikethrough, on.tasklist, on.footnotes) = (true, true, true, true, true);
    on.math_dollars = true;
    let arena = comrak::Arena::new();
    let mut text = String::new();
    for node in comrak::parse_document(&arena, document, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(shown) => text.push_str(shown),
            // The tests begin a second line; what is escaped is always one.
            NodeValue::SoftBreak => text.push(' '),
            NodeValue::HtmlInline(comment) if comment == "<!-- -->" => {}
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell => {}
            _ => return None,
        }
    }
    Some(text)
}

proptest! {
    #[test]
    fn terminal_text_holds_no_control_character(text in nasty()) {
        for breaks in [Breaks::Keep, Breaks::Show] {
            let shown = terminal(&text, breaks);
            let allowed = |c: char| !c.is_control() || (c == '\n' && breaks == Breaks::Keep);
            prop_assert!(shown.chars().all(allowed), "{shown:?}");
        }
    }

    #[test]
    fn no_format_hides_anything(text in nasty()) {
        let shown = [
            terminal(&text, Breaks::Keep).into_owned(), same_width(&text), xml(&text).into_owned(), html(&text).into_owned(),
            cell(&text).into_owned(), markdown(&text), markdown_block(&text, ""), workflow_message(&text).into_owned(),
            workflow_property(&text).into_owned(), workflow_log(&text),
        ];
        for shown in shown {
            prop_assert!(!shown.chars().any(|c| is_hidden(c) || (c.is_control() && !matches!(c, '\n' | '\t'))), "{shown:?}");
        }
    }

    #[test]
    fn xml_text_holds_only_what_xml_1_0_allows(text in nasty()) {
        let allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        prop_assert!(xml(&text).chars().all(allowed), "{text:?}");
    }

    #[test]
    fn html_text_has_no_markup_and_reads_as_it_was(text in nasty()) {
        let shown = html(&text);
        prop_assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
        let entities = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        prop_assert!(shown.split('&').skip(1).all(|rest| entities.iter().any(|entity| rest.starts_with(entity))), "{shown}");
        prop_assert_eq!(from_html(&shown), plainly(&text));
    }

    #[test]
    fn json_in_html_ends_no_script_and_reads_back(text in nasty()) {
        let json = serde_json::to_string(&[&text]).unwrap();
        let shown = json_in_html(&json);
        prop_assert!(!shown.contains(['<', '>', '&']), "{shown}");
        prop_assert_eq!(&serde_json::from_str::<Vec<String>>(&shown).unwrap()[0], &text);
    }

    #[test]
    fn no_cell_is_a_formula(text in nasty()) {
        let shown = cell(&text);
        let is_number = shown.parse::<f64>().is_ok() && !shown.contains(char::is_alphabetic);
        prop_assert!(is_number || !shown.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{shown}");
        prop_assert!(is_number || !shown.starts_with(['\t', '\n']), "{shown}");
    }

    #[test]
    fn cells_survive_the_sheet(text in nasty()) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", &cell(&text), "b"]).unwrap();
        let bytes = writer.into_inner().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(&records[0][1], &*cell(&text));
    }

    #[test]
    fn markdown_is_text_wherever_it_stands(text in nasty()) {
        let wanted = terminal(&text, Breaks::Show).replace("    ", " ").replace(' ', "");
        let shown = markdown(&text);
        for document in [shown.clone(), format!("before {shown}"), format!("before\n{shown}\n"), format!("| a |\n|---|\n| {shown} |\n")] {
            let Some(seen) = rendered(&document) else { return Err(TestCaseError::fail(document)) };
            prop_assert!(seen.replace(' ', "").contains(&wanted), "{document:?} shows {seen:?}, not {wanted:?}");
        }
    }

    #[test]
    fn nothing_gets_out_of_a_block(text in nasty()) {
        let document = markdown_block(&text, "python");
        let arena = comrak::Arena::new();
        let root = comrak::parse_document(&arena, &document, &comrak::Options::default());
        let blocks: Vec<_> = root.children().collect();
        prop_assert_eq!(blocks.len(), 1, "{}", document);
        let is_code = match &blocks[0].data.borrow().value {
            NodeValue::CodeBlock(code) => code.literal == format!("{}\n", plainly(text.trim_end_matches('\n'))),
            _ => false,
        };
        prop_assert!(is_code, "{}", document);
    }

    #[test]
    fn a_command_stays_one_line_and_reads_as_it_was(text in nasty()) {
        let back = |shown: &str| shown.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        for (shown, unwanted) in [(workflow_message(&text), &['\n', '\r'][..]), (workflow_property(&text), &['\n', '\r', ':', ','][..])] {
            prop_assert!(!shown.contains(unwanted), "{shown:?}");
            prop_assert_eq!(back(&shown), plainly(&text));
        }
    }

    #[test]
    fn no_line_of_the_log_is_a_command(text in nasty()) {
        let shown = workflow_log(&text);
        prop_assert!(!shown.contains("::") && !shown.contains("##["), "{shown:?}");
    }

    #[test]
    fn printable_ascii_without_markup_is_left_alone(text in "[A-Za-z0-9 ]{0,40}") {
        for shown in [terminal(&text, Breaks::Show), xml(&text), html(&text), cell(&text), workflow_message(&text)] {
            prop_assert_eq!(shown, text.as_str());
        }
    }
}

#[test]
fn what_is_hidden_is_named() {
    assert_eq!(
        terminal("\u{1b}[2J\u{9b}1m\u{202e}a\u{200b}\r\u{7f}", Breaks::Keep),
        "\\x1b[2J<U+009B>1m<U+202E>a<U+200B>\\r\\x7f"
    );
    assert_eq!(terminal("a\tb\nc", Breaks::Show), "a    b\\nc");
    assert_eq!(xml("a\0b\u{ffff}\u{fffe}"), "a\\x00b<U+FFFF><U+FFFE>");
    assert_eq!(html("<b>\u{202e}"), "&lt;b&gt;&lt;U+202E&gt;");
    assert_eq!(markdown("\u{200b}*"), "\\<U+200B\\>\\*");
}

#[test]
fn cells_are_text_or_numbers() {
    for (text, shown) in [
        ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
        ("@ada", "'@ada"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("-inf", "'-inf"),
        ("-1.5", "-1.5"),
        ("ada", "ada"),
        ("a\rb\u{202e}", "a\\rb<U+202E>"),
    ] {
        assert_eq!(cell(text), shown);
    }
}

#[test]
fn sentences_stay_readable() {
    assert_eq!(
        markdown("retry stops at 3.5 seconds, or so (see day4/decorators)"),
        "retry stops at 3.5 seconds, or so (see day4/decorators)"
    );
    assert_eq!(markdown("1. first"), "1\\. first");
    assert_eq!(markdown_block("a\n```\nb\n", "python"), "````python\na\n```\nb\n````\n");
    assert_eq!(workflow_log("::error::x ##[error]y"), ":\\:error:\\:x ##\\[error]y");
    assert_eq!(workflow_property("a:b,c\n%"), "a%3Ab%2Cc%0A%25");
}
