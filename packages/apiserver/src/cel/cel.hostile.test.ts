/** No text of an expression, and no object, makes the server hang, crash or grow. */
import test from "ava";
import fc from "fast-check";
import { CelCompileError, CelCostError, CelError, celTypes, compileCel, createBudget } from "./cel.ts";

const { DYN } = celTypes;
const environment = { variables: { object: DYN, self: celTypes.listOf(celTypes.STRING) } };

/** Fails only as it may. */
function attempt(expression: string, variables: Record<string, unknown>): void {
	try {
		const program = compileCel(expression, environment);
		program.worstCost();
		program.evaluate(variables, createBudget(100_000));
	} catch (error) {
		if (!(error instanceof CelCompileError || error instanceof CelError || error instanceof CelCostError)) {
			throw error;
		}
	}
}

test("any text", (t) => {
	const word = fc.constantFrom(
		..."object self . ( ) [ ] { } , : ? ! - + * / % < > == != && || in has all exists map filter true null 1 2u 1.5 'a' b'x' x size matches optional.of .? [? cel.bind duration type Object format \\ \" ' // \n".split(
			" ",
		),
	);
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.array(word, { maxLength: 25 }).map((words) => words.join(" ")),
		fc.array(word, { maxLength: 25 }).map((words) => words.join("")),
	);
	fc.assert(
		fc.property(text, fc.jsonValue(), (expression, object) => attempt(expression, { object, self: ["a"] })),
		{ numRuns: 400 },
	);
	t.pass();
});

/** Expressions that are well-formed, however little sense they make. */
const expressions = fc.letrec<{ any: string }>((tie) => {
	const any = tie("any");
	const leaf = fc.constantFrom(
		"object",
		"self",
		"1",
		"'a'",
		"2.5",
		"true",
		"null",
		"[]",
		"{}",
		"object.a",
		"self[0]",
		"x",
	);
	const call = (name: string) => fc.tuple(any, any).map(([a, b]) => `(${a}).${name}(${b})`);
	return {
		any: fc.oneof(
			{ maxDepth: 5, depthSize: "small" },
			leaf,
			fc
				.tuple(any, fc.constantFrom("+", "-", "*", "/", "%", "==", "<", "&&", "||", "in"), any)
				.map(([a, op, b]) => `(${a}) ${op} (${b})`),
			fc.tuple(any, any, any).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
			fc
				.tuple(any, fc.constantFrom("map", "filter", "all", "exists", "exists_one"), any)
				.map(([a, name, b]) => `(${a}).${name}(x, ${b})`),
			fc.tuple(any, any).map(([a, b]) => `[${a}, ${b}]`),
			fc.tuple(any, any).map(([a, b]) => `{${a}: ${b}}`),
			fc.tuple(any, any).map(([a, b]) => `cel.bind(x, ${a}, ${b})`),
			any.map((a) => `size(${a})`),
			any.map((a) => `string(${a})`),
			call("contains"),
			call("split"),
			call("matches"),
			call("join"),
			call("format"),
			call("indexOf"),
		),
	};
}).any;

test("any expression over any object", (t) => {
	fc.assert(
		fc.property(expressions, fc.jsonValue(), (expression, object) =>
			attempt(expression, { object, self: ["a", "b"] }),
		),
		{ numRuns: 400 },
	);
	t.pass();
});

test("what would grow or run without end runs out of budget", (t) => {
	const twice = (depth: number, value: string) => {
		let text = "x";
		for (let i = 0; i < depth; i += 1) text = `cel.bind(x, x + x, ${text})`;
		return `cel.bind(x, ${value}, ${text})`;
	};
	const loop = (depth: number) => {
		let text = "1";
		for (let i = 0; i < depth; i += 1) text = `self.map(v${i}, ${text})`;
		return text;
	};
	const self = new Array<string>(100).fill("a");
	for (const expression of [
		`size(${twice(60, "'a'")}) > 0`,
		`size(${twice(60, "[1, 2, 3]")}) > 0`,
		loop(8),
		"self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != ''))))",
	]) {
		const program = compileCel(expression, environment);
		const error = t.throws(
			() => program.evaluate({ self, object: null }, createBudget()),
			undefined,
			expression,
		);
		t.true(error instanceof CelCostError, `${expression.slice(0, 60)}: ${error.message}`);
	}
});

test("budgets are shared, and say what ran out", (t) => {
	const program = compileCel("self.all(x, x == 'a')", environment);
	const budget = createBudget(1000);
	const self = new Array<string>(100).fill("a");
	t.true(program.evaluate({ self }, budget));
	const error = t.throws(() => program.evaluate({ self: [...self, ...self] }, budget), {
		instanceOf: CelCostError,
	});
	t.is(error.limit, "budget");
	t.regex(error.message, /running out of cost budget, no further validation rules will be run/);
});

test("text that is too long or too deep is refused", (t) => {
	for (const expression of [
		`${"(".repeat(5000)}1${")".repeat(5000)}`,
		`1${" + 1".repeat(20_000)}`,
		`object${".a".repeat(20_000)}`,
		"[".repeat(3000),
		"!".repeat(50_000),
		"1".repeat(200_000),
		`'${"a".repeat(200_000)}'`,
		`${"a?b:".repeat(3000)}c`,
	]) {
		t.throws(
			() => compileCel(expression, environment),
			{ instanceOf: CelCompileError },
			expression.slice(0, 20),
		);
	}
	t.is(compileCel(`${"-".repeat(99_000)}1`, environment).evaluate({}, createBudget()), 1n);
	const long = `true${" && true".repeat(5000)}`;
	t.true(compileCel(long, environment).evaluate({}, createBudget()));
});

test("no property of JavaScript's own is seen", (t) => {
	for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
		t.false(compileCel(`has(object.${name})`, environment).evaluate({ object: {} }, createBudget()));
	}
	t.throws(() => compileCel("constructor", environment), { instanceOf: CelCompileError });
});

test("the worst cost is not below the real one", (t) => {
	const typed = { variables: { self: celTypes.listOf(celTypes.stringOf(10), 20) } };
	for (const expression of [
		"self.all(a, a.contains('x') || a != '')",
		"self.map(a, a + 'x').filter(a, a.startsWith('a')).size() > 0",
		"self.all(a, self.exists(b, a == b))",
		"self.exists_one(a, a.matches('^a+$')) || 'a' in self",
	]) {
		const program = compileCel(expression, typed);
		const budget = createBudget();
		program.evaluate({ self: new Array<string>(20).fill("aaaaaaaaaa") }, budget);
		const used = 10_000_000 - budget.remaining;
		t.true(program.worstCost() >= used - 1e-6, `${expression}: ${program.worstCost()} < ${used}`);
	}
	const unbounded = { variables: { self: celTypes.listOf(celTypes.STRING) } };
	t.true(compileCel("self.all(a, self.all(b, a != b))", unbounded).worstCost() > 10_000_000);
	t.true(compileCel("size(self) < 5", unbounded).worstCost() < 10);
	t.true(compileCel("duration(self[0]) > duration('0s')", unbounded).worstCost() < 10);
});
