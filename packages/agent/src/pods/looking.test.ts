import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createLooking } from "./looking.ts";

function setUp() {
	const clock = createFakeClock();
	let lists = 0;
	let during = () => {};
	const looking = createLooking({
		runtime: {
			list: async () => {
				lists += 1;
				during();
				return [];
			},
		},
		network: { recordOf: async () => undefined },
		clock,
		uid: "u1",
		nodeName: "host-1",
	});
	return { clock, looking, lists: () => lists, meanwhile: (what: () => void) => (during = what) };
}

test("the runtime is asked once, until something happens or the answer is old", async (t) => {
	const { clock, looking, lists } = setUp();
	await looking.look();
	await looking.look();
	t.is(lists(), 1);
	looking.outdate();
	await looking.look();
	t.is(lists(), 2);
	await clock.advance(31_000);
	await looking.look();
	t.is(lists(), 3);
});

test("what happens while the runtime answers is asked for again", async (t) => {
	const { looking, lists, meanwhile } = setUp();
	meanwhile(() => looking.outdate());
	await looking.look();
	meanwhile(() => {});
	await looking.look();
	t.is(lists(), 2);
});
