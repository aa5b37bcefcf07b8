//! What a terminal shows after all that was written to it.

/// Its width, in characters.
pub const WIDTH: usize = 240;

/// The lines of a terminal that got this text: line feeds, carriage returns, and the sequences that
/// move the cursor up and down, clear a line, or clear to the end.
pub fn screen(text: &str) -> Vec<String> {
    let mut lines: Vec<Vec<char>> = vec![Vec::new()];
    let (mut row, mut column) = (0_usize, 0);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' => column = 0,
            '\n' => row += 1,
            '\u{1b}' => {
                let sequence = sequence(&mut rest);
                let (count, command) = sequence.split_at(sequence.len() - 1);
                let count: usize = count.parse().unwrap_or(1);
                match command {
                    "A" => row = row.saturating_sub(count),
                    "B" => row += count,
                    "K" => lines[row].clear(),
                    "J" => {
                        lines.truncate(row + 1);
                        lines[row].truncate(column);
                    }
                    other => panic!("no terminal of ours does `{other}`"),
                }
            }
            c => {
                if column == WIDTH {
                    (row, column) = (row + 1, 0);
                }
                grow(&mut lines, row);
                let line = &mut lines[row];
                line.resize(line.len().max(column + 1), ' ');
                line[column] = c;
                column += 1;
            }
        }
        grow(&mut lines, row);
    }
    let text = |line: Vec<char>| line.into_iter().collect::<String>().trim_end().to_owned();
    lines.into_iter().map(text).filter(|line| !line.is_empty()).collect()
}

fn grow(lines: &mut Vec<Vec<char>>, row: usize) {
    lines.resize(lines.len().max(row + 1), Vec::new());
}

/// A sequence after its first character: `[2K`, without the bracket.
fn sequence(rest: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    for c in rest.skip(1) {
        text.push(c);
        if c.is_ascii_alphabetic() {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_text_of_a_place_is_what_is_seen() {
        let wide = "x".repeat(WIDTH);
        for (text, expected) in [
            ("a\r\nb\r\n", vec!["a", "b"]),
            ("progress\r\u{1b}[2Klog\r\nprogress", vec!["log", "progress"]),
            ("a\r\nb\u{1b}[1A\r\u{1b}[2Kc", vec!["c", "b"]),
            (&format!("{wide}b\r\u{1b}[2K\u{1b}[1A\r\u{1b}[2Ka"), vec!["a"]),
        ] {
            assert_eq!(screen(text), expected, "{text:?}");
        }
    }
}
