import test from "ava";
import { createStopper } from "./stopper.ts";

const quiet = { info: () => {}, warn: () => {} };

test("stops in reverse order, one after the other, once", async (t) => {
	const stopper = createStopper({ log: quiet });
	const order: string[] = [];
	stopper.add("store", () => void order.push("store"));
	stopper.add("server", async () => {
		await new Promise((resolve) => setImmediate(resolve));
		order.push("server");
	});
	await Promise.all([stopper.stop(), stopper.stop()]);
	t.deepEqual(order, ["server", "store"]);
});

test("what fails or hangs does not keep the rest", async (t) => {
	const warnings: object[] = [];
	const log = { info: () => {}, warn: (fields: object) => void warnings.push(fields) };
	const stopper = createStopper({
		log,
		patience: 7,
		after: (_milliseconds, callback) => {
			const handle = setImmediate(() => setImmediate(callback));
			return () => clearImmediate(handle);
		},
	});
	const order: string[] = [];
	stopper.add("last", () => void order.push("last"));
	stopper.add("failing", () => {
		throw new Error("no");
	});
	stopper.add("hanging", () => new Promise(() => {}));
	await stopper.stop();
	t.deepEqual(order, ["last"]);
	t.like(warnings, [{ part: "hanging", milliseconds: 7 }, { part: "failing" }]);
});

test("what is added too late is stopped at once", async (t) => {
	const stopper = createStopper({ log: quiet });
	await stopper.stop();
	await new Promise<void>((resolve) => stopper.add("late", resolve));
	t.pass();
});
