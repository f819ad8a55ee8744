//! All hand-ins of a folder in a table, and as a spreadsheet.

use crate::{
    cli::columns::{columns, left},
    lesson::{Marking, Verdict},
    text::tr,
};

/// A hand-in that was marked.
pub(super) struct Row {
    pub(super) file: String,
    pub(super) marking: Marking,
}

/// The name that a hand-in is signed with.
pub(super) fn name_of(marking: &Marking) -> &str {
    if marking.name.is_empty() { tr("no name") } else { &marking.name }
}

/// The table of all hand-ins, and within which tolerance claims come out.
pub(super) fn lines(rows: &[Row]) -> Vec<String> {
    if rows.is_empty() {
        return vec![tr("There is no hand-in to mark.").to_owned()];
    }
    let mut cells: Vec<Vec<String>> = vec![
        [tr("name"), tr("lesson"), tr("solved"), tr("shown"), tr("open"), tr("does not come out")]
            .map(str::to_owned)
            .to_vec(),
    ];
    for Row { marking, .. } in rows {
        let count = |verdicts: &[Verdict]| verdicts.iter().map(|one| marking.count(*one)).sum::<usize>();
        cells.push(vec![
            name_of(marking).to_owned(),
            marking.lesson.clone(),
            format!("{}/{}", marking.count(Verdict::Solved), marking.tasks.len()),
            count(&[Verdict::Shown, Verdict::Revealed]).to_string(),
            count(&[Verdict::NotSolved, Verdict::NotChecked]).to_string(),
            count(&[Verdict::DoesNotComeOut]).to_string(),
        ]);
    }
    let width = |column: usize| cells.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..cells[0].len()).map(width).collect();
    let mut lines = vec![String::new()];
    for row in &cells {
        let line: Vec<String> = row.iter().zip(&widths).map(|(text, width)| left(text, *width)).collect();
        lines.push(line.join("  ").trim_end().to_owned());
    }
    lines.push(String::new());
    lines.push(
        tr("Runs were trained again: on one machine the same bit by bit; from another machine, a claim comes out if accuracies differ by at most 2 points and losses by at most 10 % (or 0.05).")
            .to_owned(),
    );
    lines
}

/// The spreadsheet: a row per task.
pub(super) fn csv(rows: &[Row]) -> String {
    let mut text = "\u{feff}name,lesson,task,claim,verdict,tries,hints,computed,title,file\n".to_owned();
    for Row { file, marking } in rows {
        for task in &marking.tasks {
            let (step, tries, hints) =
                (task.step.to_string(), task.tries.to_string(), task.hints.to_string());
            let cells = [
                &marking.name,
                &marking.lesson,
                &step,
                &task.claimed,
                task.verdict.words(),
                &tries,
                &hints,
                &task.computed,
                &task.title,
                file,
            ];
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text += &cells.join(",");
            text.push('\n');
        }
    }
    text
}

/// A cell of a spreadsheet. What a spreadsheet would take for a formula is text.
fn quoted(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    let is_formula = !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', ';', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_and_no_formulas() {
        for (cell, written) in [
            ("Ada", "Ada"),
            ("King, Ada", "\"King, Ada\""),
            ("the \"it\"", "\"the \"\"it\"\"\""),
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-3.5", "-3.5"),
            ("-x", "'-x"),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
