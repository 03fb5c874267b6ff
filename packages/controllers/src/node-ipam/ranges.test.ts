import test from "ava";
import { ranges } from "./ranges.ts";

test("ranges are handed out lowest first and run out", (t) => {
	const pool = ranges("10.244.0.0/16", 24);
	t.is(pool.size, 256);
	t.is(pool.next(new Set()), "10.244.0.0/24");
	t.is(pool.next(new Set(["10.244.0.0/24", "10.244.1.0/24"])), "10.244.2.0/24");
	const small = ranges("192.168.254.0/23", 24);
	t.is(small.next(new Set(["192.168.254.0/24"])), "192.168.255.0/24");
	t.is(small.next(new Set(["192.168.254.0/24", "192.168.255.0/24"])), undefined);
});

test("nonsense is refused", (t) => {
	for (const cidr of ["10.0.0.0", "10.0.0.0/25", "300.0.0.0/16", "10.0.0/16", "x/8"]) {
		t.throws(() => ranges(cidr, 24), { instanceOf: RangeError });
	}
});
