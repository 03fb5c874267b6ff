import test from "ava";
import { createLogger, prettyLine } from "./logger.ts";

function collected() {
	const lines: string[] = [];
	return { lines, stream: { write: (line: string) => void lines.push(line) } };
}

test("a log line is one JSON object with the part's name, the level in words and the error's stack", (t) => {
	const { lines, stream } = collected();
	const log = createLogger({ name: "berth test", level: "info", stream });
	log.child({ pod: "default/web" }).warn({ err: new Error("no") }, "it failed");
	log.debug({}, "unheard");
	t.is(lines.length, 1);
	const entry = JSON.parse(lines[0] ?? "");
	t.like(entry, { level: "warn", name: "berth test", pod: "default/web", msg: "it failed" });
	t.is(entry.err.message, "no");
	t.regex(entry.err.stack, /logger\.test/);
});

test("for people it is one line, and the stack below", (t) => {
	const { lines, stream } = collected();
	createLogger({ name: "x", level: "info", pretty: true, stream }).info(
		{ pod: "a/b", text: "two words" },
		"done",
	);
	t.regex(lines[0] ?? "", /^\d\d:\d\d:\d\d\.\d{3} INFO {2}x: done pod=a\/b text="two words"\n$/);
	t.is(prettyLine("not JSON\n"), "not JSON\n");
});
