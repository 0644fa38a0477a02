//! A page taken apart, as far as these tests need it: its tags, and its text.

/// Everything between `<` and `>`; of the style sheet's content nothing.
pub(crate) fn tags(page: &str) -> Vec<String> {
    let (mut tags, mut rest) = (Vec::new(), page);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').expect("a tag ends");
        tags.push(tag.to_owned());
        rest = if tag == "style" { next.split_once("</style>").expect("a sheet").1 } else { next };
    }
    tags
}

/// The text without tags, entities read, spaces made one.
pub(crate) fn text(page: &str) -> String {
    let body = page.split_once("<body>").expect("a body").1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, next) = after.split_once('>').expect("a tag ends");
        // Inside a sentence tags stand without spaces around them.
        if !matches!(
            tag.trim_start_matches('/').split(' ').next(),
            Some("b" | "time" | "bdi" | "span")
        ) {
            text.push(' ');
        }
        rest = next;
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}
