import test from "ava";
import { CelCompileError, CelError, celTypes, compileCel, createBudget, toJson } from "./cel.ts";

const run = (expression: string, variables: Record<string, unknown> = {}) => {
	const types = Object.fromEntries(Object.keys(variables).map((name) => [name, celTypes.DYN]));
	return toJson(compileCel(expression, { variables: types }).evaluate(variables, createBudget()));
};

test("a program runs over JSON", (t) => {
	t.is(
		run("object.spec.replicas <= 5 && object.metadata.name.startsWith('a')", {
			object: { spec: { replicas: 3 }, metadata: { name: "abc" } },
		}),
		true,
	);
	t.deepEqual(run("[1, 2, 3].filter(x, x > 1).map(x, x * 2)"), [4, 6]);
	t.is(run("has(object.a.b) ? object.a.b : 'none'", { object: { a: {} } }), "none");
});

test("text that is wrong says where", (t) => {
	const self = celTypes.objectOf("Self", { name: celTypes.STRING });
	const compile = (text: string) => () => compileCel(text, { variables: { self } });
	t.throws(compile("foo"), {
		instanceOf: CelCompileError,
		message:
			"compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo\n | ^",
	});
	t.throws(compile("self.x == 1"), { message: /ERROR: <input>:1:5: undefined field 'x'/ });
	t.throws(compile("self.name + 1"), {
		message: /1:11: found no matching overload for '_\+_' applied to '\(string, int\)'/,
	});
	t.throws(compile("self.name ="), { message: /compilation failed: ERROR: <input>:1:11: Syntax error: / });
});

test("errors while running are told in Kubernetes' words", (t) => {
	const fails = (expression: string, message: string) =>
		t.throws(() => run(expression, { object: { list: [] } }), { instanceOf: CelError, message });
	fails("object.foo", "no such key: foo");
	fails("object.list[1]", "index out of bounds: 1");
	fails("1 / 0", "division by zero");
	fails("9223372036854775807 + 1", "integer overflow");
	t.is(run("object.foo || true", { object: {} }), true);
});
