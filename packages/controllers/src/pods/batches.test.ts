import test from "ava";
import fc from "fast-check";
import { inGrowingBatches } from "./batches.ts";

test("every item is written once", async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.nat(100), async (count) => {
			const written: number[] = [];
			const items = Array.from({ length: count }, (_, index) => index);
			await inGrowingBatches(items, async (item) => void written.push(item));
			t.deepEqual(written, items);
		}),
	);
});

test("what fails for all is tried once", async (t) => {
	let tried = 0;
	const refuse = async () => {
		tried += 1;
		throw new Error("no quota left");
	};
	await t.throwsAsync(inGrowingBatches([1, 2, 3, 4, 5], refuse), { message: "no quota left" });
	t.is(tried, 1);
});
