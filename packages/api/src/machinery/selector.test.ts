import test from "ava";
import fc from "fast-check";
import { StatusError } from "./errors.ts";
import { parseLabelSelector } from "./label-selector-parser.ts";
import { everything, nothing, selectorOf, selectorOfMap } from "./selector.ts";

const CANONICAL: Readonly<Record<string, string>> = {
	"": "",
	" ": "",
	"a=b": "a=b",
	"a == b , c!= d": "a==b,c!=d",
	"x in (b, a,b),w": "w,x in (a,b)",
	"y notin (c),!z": "y notin (c),!z",
	"cores>4,cores<8": "cores>4,cores<8",
	"a=": "a=",
	"a=,b": "a=,b",
	"a in ()": "a in ()",
	"a in (,x,,y)": "a in (,x,y)",
	"in in (in)": "in in (in)",
	"notin=in": "notin=in",
	"example.com/a=b": "example.com/a=b",
};

for (const [text, canonical] of Object.entries(CANONICAL))
	test(`${JSON.stringify(text)} is ${JSON.stringify(canonical)}`, (t) => {
		t.is(String(parseLabelSelector(text)), canonical);
		t.is(String(parseLabelSelector(canonical)), canonical);
	});

const REFUSED: Readonly<Record<string, string>> = {
	",": "found ',', expected: !, identifier, or 'end of string'",
	"a,": "found '', expected: identifier after ','",
	"a=b c": "found 'c', expected: ',' or 'end of string'",
	"!a=b": "found '=', expected: ',' or 'end of string'",
	"a b": "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
	"a in b": "unable to parse requirement: found 'b' expected: '('",
	"a in (x": "unable to parse requirement: found '', expected: ',' or ')'",
	"a in (=)": "unable to parse requirement: found '=', expected: ',', ')' or identifier",
	"a in (x,=)": "unable to parse requirement: found '=', expected: ',', or identifier",
	"!!a": "unable to parse requirement: found '!', expected: identifier",
	"a=!b": "unable to parse requirement: found '!', expected: identifier",
	"a>x":
		"unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
	"-a=b":
		"unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
	"a=b;c":
		"unable to parse requirement: values[0][a]: Invalid value: \"b;c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
};

for (const [text, message] of Object.entries(REFUSED))
	test(`${text} is refused`, (t) => {
		const error = t.throws(() => parseLabelSelector(text), { instanceOf: StatusError, message });
		t.is(error?.code, 400);
	});

const matches = (text: string, labels: Record<string, string>) => parseLabelSelector(text).matches(labels);

test("absent labels satisfy what excludes, not what demands", (t) => {
	t.true(matches("a!=b", {}));
	t.true(matches("a notin (b)", {}));
	t.true(matches("!a", {}));
	t.false(matches("a", {}));
	t.false(matches("a=", {}));
	t.false(matches("a>1", {}));
});

test("values compare as sets, and as integers", (t) => {
	t.true(matches("a in (x,y)", { a: "y" }));
	t.false(matches("a notin (x,y)", { a: "y" }));
	t.true(matches("a", { a: "" }));
	t.true(matches("n>4,n<10", { n: "9" }));
	t.false(matches("n>4", { n: "four" }));
	t.false(matches("constructor", {}));
});

test("a LabelSelector is all its terms, {} is everything, none is nothing", (t) => {
	const selector = selectorOf({
		matchLabels: { app: "web" },
		matchExpressions: [
			{ key: "tier", operator: "NotIn", values: ["z", "a"] },
			{ key: "old", operator: "DoesNotExist" },
		],
	});
	t.is(String(selector), "app=web,!old,tier notin (a,z)");
	t.true(selector.matches({ app: "web" }));
	t.false(selector.matches({ app: "web", tier: "a" }));
	t.true(selectorOf({}).empty);
	t.true(selectorOf({}).matches(undefined));
	t.false(selectorOf(undefined).matches({}));
	t.false(nothing.empty);
	t.true(everything.matches({ any: "thing" }));
	t.true(selectorOfMap({ a: "1" }).matches({ a: "1", b: "2" }));
	t.throws(() => selectorOf({ matchExpressions: [{ key: "a", operator: "constructor" }] }), {
		message: '"constructor" is not a valid label selector operator',
	});
});

const word = fc.constantFrom("a", "b", "c", "in", "notin", "x.y/z");
const requirement = fc.oneof(
	word,
	word.map((key) => `!${key}`),
	fc
		.tuple(word, fc.constantFrom("=", "==", "!="), fc.constantFrom("", "1", "b"))
		.map((parts) => parts.join("")),
	fc
		.tuple(word, fc.constantFrom("in", "notin"), fc.array(fc.constantFrom("1", "2", "b"), { minLength: 1 }))
		.map(([key, operator, values]) => `${key} ${operator} (${values.join(",")})`),
);

test("canonical text selects the same", (t) => {
	const labels = fc.dictionary(word, fc.constantFrom("", "1", "2", "b"));
	fc.assert(
		fc.property(fc.array(requirement), labels, (requirements, object) => {
			const selector = parseLabelSelector(requirements.join(","));
			const again = parseLabelSelector(String(selector));
			t.is(String(again), String(selector));
			t.is(again.matches(object), selector.matches(object));
		}),
	);
});

test("any text selects or is refused", (t) => {
	const text = fc.string({ unit: fc.constantFrom(..."ab=!(),<> in\t-/é") });
	fc.assert(
		fc.property(text, (any) => {
			try {
				return parseLabelSelector(any).requirements.length >= 0;
			} catch (error) {
				return error instanceof StatusError && error.code === 400;
			}
		}),
		{ numRuns: 500 },
	);
	t.pass();
});
