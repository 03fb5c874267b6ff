/** Rows in columns as wide as they need, the first row being the headings. Pure. */
export function renderTable(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
				.join("")
				.trimEnd(),
		)
		.join("\n");
}
