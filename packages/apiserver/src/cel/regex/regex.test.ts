import test from "ava";
import fc from "fast-check";
import { compileRegex, RegexError } from "./regex.ts";

test("matches what RE2 matches", (t) => {
	const table: readonly (readonly [pattern: string, text: string, expected: string | undefined])[] = [
		["abc", "xabcx", "abc"],
		["^abc$", "xabc", undefined],
		["a|ab", "ab", "a"],
		["ab|a", "ab", "ab"],
		["a*", "aaa", "aaa"],
		["a*?", "aaa", ""],
		["a{2,3}", "aaaa", "aaa"],
		["(a|b)+c", "xababc", "ababc"],
		["[^a-c]+", "abcxyz", "xyz"],
		["[a-c-]+", "-b-", "-b-"],
		["[]a]+", "]a]", "]a]"],
		["[[:alpha:]]+\\d", "ab1", "ab1"],
		["\\bfoo\\b", "a foo b", "foo"],
		["(?i)straße", "STRAßE", "STRAßE"],
		["(?s)a.b", "a\nb", "a\nb"],
		["a.b", "a\nb", undefined],
		["(?m)^b$", "a\nb\nc", "b"],
		["\\p{Greek}+", "abγδ", "γδ"],
		["\\pL+", "1é2", "é"],
		["\\x{1F600}", "a😀b", "😀"],
		[".", "😀", "😀"],
		["\\Q.*\\E", "a.*b", ".*"],
		["(?P<name>x)y", "xy", "xy"],
		["^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "my-name", "my-name"],
		["^$", "", ""],
		["a{,2}", "a{,2}", "a{,2}"],
	];
	for (const [pattern, text, expected] of table) {
		const regex = compileRegex(pattern);
		const found = regex.find(text);
		t.is(found && text.slice(found.start, found.end), expected, pattern);
		t.is(regex.test(text), expected !== undefined, pattern);
	}
});

test("says in Go's words what is wrong", (t) => {
	const wrong = (pattern: string, message: string) =>
		t.throws(() => compileRegex(pattern), { instanceOf: RegexError, message });
	wrong("(a", "error parsing regexp: missing closing ): `(a`");
	wrong("a)", "error parsing regexp: unexpected ): `a)`");
	wrong("[a", "error parsing regexp: missing closing ]: `[a`");
	wrong("*a", "error parsing regexp: missing argument to repetition operator: `*`");
	wrong("a**", "error parsing regexp: invalid nested repetition operator: `**`");
	wrong("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`");
	wrong("(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
	wrong("\\8", "error parsing regexp: invalid escape sequence: `\\8`");
	wrong("[b-a]", "error parsing regexp: invalid character class range: `b-a`");
	wrong(
		"((((a{1000}){1000}){1000}){1000})",
		"error parsing regexp: expression too large: `((((a{1000}){1000}){1000}){1000})`",
	);
});

test("patterns that make others run for ever", (t) => {
	const text = "a".repeat(5_000);
	for (const pattern of ["(a+)+$b", "(a|a)*b", "(a*)*b", "(.*)*x", "(a|aa)+$b"]) {
		t.false(compileRegex(pattern).test(text), pattern);
	}
});

test("agrees with JavaScript where both speak the same language", (t) => {
	const atom = fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\d", "\\w", "(a|b)", "(?:ab|c)", "(b|)");
	const piece = fc
		.tuple(atom, fc.constantFrom("", "*", "+", "?", "{1,2}", "*?", "+?"))
		.map(([one, many]) => one + many);
	const pattern = fc
		.tuple(
			fc.constantFrom("", "^"),
			fc.array(piece, { minLength: 1, maxLength: 4 }),
			fc.constantFrom("", "$"),
		)
		.map(([start, pieces, end]) => start + pieces.join("") + end);
	const text = fc
		.array(fc.constantFrom("a", "b", "c", "1", "d"), { maxLength: 10 })
		.map((chars) => chars.join(""));
	fc.assert(
		fc.property(pattern, text, (source, subject) => {
			t.is(compileRegex(source).test(subject), new RegExp(source).test(subject), `${source} on ${subject}`);
		}),
		{ numRuns: 300 },
	);
	t.pass();
});

test("any text is a pattern or an error", (t) => {
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc
			.array(fc.constantFrom(..."()[]{}|*+?\\^$.-:,=!<>P09axpLQE"), { maxLength: 30 })
			.map((chars) => chars.join("")),
	);
	fc.assert(
		fc.property(text, fc.string(), (pattern, subject) => {
			try {
				compileRegex(pattern).find(subject);
			} catch (error) {
				if (!(error instanceof RegexError)) throw error;
			}
		}),
		{ numRuns: 300 },
	);
	t.pass();
});
