import test from "ava";
import fc from "fast-check";
import { deepFreeze } from "../deep.ts";
import { StatusError } from "../errors.ts";
import { applyJsonPatch } from "./json.ts";

const DOC = deepFreeze({ spec: { ports: [{ port: 80 }, { port: 81 }], "a/b": 1 }, labels: { a: "1" } });

test("every operation", (t) => {
	const patch = deepFreeze([
		{ op: "test", path: "/spec/ports/0/port", value: 80 },
		{ op: "add", path: "/spec/ports/-", value: { port: 82 } },
		{ op: "remove", path: "/spec/ports/0" },
		{ op: "replace", path: "/spec/a~1b", value: 2 },
		{ op: "copy", from: "/labels/a", path: "/labels/b" },
		{ op: "move", from: "/labels/a", path: "/name" },
	]);
	t.deepEqual(applyJsonPatch(DOC, patch), {
		spec: { ports: [{ port: 81 }, { port: 82 }], "a/b": 2 },
		labels: { b: "1" },
		name: "1",
	});
});

test("what is added is a copy: later operations do not reach into the patch", (t) => {
	const patch = [
		{ op: "add", path: "/x", value: { y: 1 } },
		{ op: "replace", path: "/x/y", value: 2 },
	];
	t.deepEqual(applyJsonPatch({}, patch), { x: { y: 2 } });
	t.deepEqual(patch[0], { op: "add", path: "/x", value: { y: 1 } });
});

const code = (doc: unknown, patch: unknown) =>
	(() => {
		try {
			applyJsonPatch(doc, patch);
		} catch (error) {
			if (error instanceof StatusError) return error.code;
			throw error;
		}
		return 200;
	})();

test("a failing test says which", (t) => {
	t.throws(() => applyJsonPatch(DOC, [{ op: "test", path: "/labels/a", value: "2" }]), {
		message:
			"the server rejected our request due to an error in our request: testing value /labels/a failed: test failed",
	});
	t.is(code(DOC, [{ op: "test", path: "/labels/zz", value: "2" }]), 422);
});

test("what does not fit is 422, what is no patch is 400", (t) => {
	t.is(code(DOC, [{ op: "remove", path: "/missing" }]), 422);
	t.is(code(DOC, [{ op: "replace", path: "/missing", value: 1 }]), 422);
	t.is(code(DOC, [{ op: "add", path: "/missing/deeper", value: 1 }]), 422);
	t.is(code(DOC, [{ op: "add", path: "/spec/ports/9", value: 1 }]), 422);
	t.is(code(DOC, [{ op: "explode", path: "/spec" }]), 422);
	t.is(code(DOC, [{ op: "add", path: "spec", value: 1 }]), 422);
	t.is(code(DOC, [{ op: "move", from: "/nowhere", path: "/spec" }]), 422);
	t.is(code(DOC, [{}]), 422);
	t.is(code(DOC, [null]), 400);
	t.is(code(DOC, { op: "add" }), 400);
	t.is(code(DOC, "patch"), 400);
	t.is(code(DOC, [1]), 400);
});

test("patches are bounded: many operations, copies of copies, shuffles of long lists", (t) => {
	const many = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/a", value: 1 }));
	t.is(code({ a: 1 }, many), 413);
	const bomb = Array.from({ length: 60 }, (_, index) => ({ op: "copy", from: "", path: `/a${index}` }));
	t.is(code({ text: "x".repeat(100) }, bomb), 422);
	const list = Array.from({ length: 50_000 }, () => 0);
	t.is(
		code(
			{ list },
			Array.from({ length: 1000 }, () => ({ op: "move", from: "/list/0", path: "/list/-" })),
		),
		422,
	);
});

test("no operation reaches a prototype", (t) => {
	for (const path of ["/__proto__/admin", "/constructor/prototype/admin", "/labels/__proto__/admin"]) {
		t.is(code(DOC, [{ op: "add", path, value: true }]), 422, path);
	}
	t.is(({} as { admin?: boolean }).admin, undefined);
});

test("any patch gives a document or a 4xx, and mutates nothing", (t) => {
	const pointer = fc
		.array(fc.constantFrom("a", "b", "0", "1", "-", "__proto__", ""))
		.map((parts) => parts.map((part) => `/${part}`).join(""));
	const operation = fc.record(
		{
			op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test", "x"),
			path: pointer,
			from: pointer,
			value: fc.jsonValue({ maxDepth: 1 }),
		},
		{ requiredKeys: ["op"] },
	);
	const doc = fc.object({ key: fc.constantFrom("a", "b"), maxDepth: 3, values: [fc.nat(3)] });
	fc.assert(
		fc.property(doc, fc.array(operation, { maxLength: 6 }), (document, patch) => {
			const status = code(deepFreeze(document), deepFreeze(patch));
			return status === 200 || status === 422;
		}),
		{ numRuns: 300 },
	);
	t.pass();
});
