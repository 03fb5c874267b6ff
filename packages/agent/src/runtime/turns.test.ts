import test from "ava";
import { createTurns } from "./turns.ts";

function setUp(places: number, patience = 60_000) {
	const turns = createTurns({ places, patience });
	const begun: string[] = [];
	const ends = new Map<string, PromiseWithResolvers<void>>();
	const ask = (name: string, urgency = 0) => {
		const end = Promise.withResolvers<void>();
		ends.set(name, end);
		return turns(urgency, () => {
			begun.push(name);
			return end.promise;
		});
	};
	return {
		begun,
		ask,
		end: (name: string) => ends.get(name)?.resolve(),
		fail: (name: string) => ends.get(name)?.reject(new Error(name)),
	};
}

test("so many at once, the urgent first, the others as they came", async (t) => {
	const { begun, ask, end } = setUp(2);
	const all = [ask("a"), ask("b"), ask("c"), ask("d", 1), ask("e", 2), ask("f", 1)];
	for (const name of ["a", "b", "e", "d", "f", "c"]) {
		await Promise.resolve();
		end(name);
	}
	await Promise.all(all);
	t.deepEqual(begun, ["a", "b", "e", "d", "f", "c"]);
});

test("a failure makes room as a success does", async (t) => {
	const { begun, ask, end, fail } = setUp(1);
	const failing = ask("a");
	const next = ask("b");
	await Promise.resolve();
	fail("a");
	await t.throwsAsync(failing, { message: "a" });
	end("b");
	await next;
	t.deepEqual(begun, ["a", "b"]);
});

test("what hangs does not hold up the others", async (t) => {
	const { begun, ask, end } = setUp(1, 5);
	const hanging = ask("a");
	const next = ask("b");
	end("b");
	await next;
	t.deepEqual(begun, ["a", "b"]);
	end("a");
	await hanging;
	const last = ask("c");
	end("c");
	await last;
	t.is(begun.length, 3);
});
