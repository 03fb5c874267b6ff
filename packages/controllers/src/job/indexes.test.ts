import test from "ava";
import fc from "fast-check";
import {
	countIndexes,
	countShared,
	firstIndexes,
	formatIndexes,
	hasIndex,
	parseIndexes,
	union,
	withIndexes,
} from "./indexes.ts";

const sets = fc.uniqueArray(fc.nat(40), { maxLength: 20 });

test("two neighbours have a comma, three a hyphen", (t) => {
	t.is(formatIndexes(withIndexes([], [4, 1, 0, 7, 6, 5])), "0,1,4-7");
	t.is(formatIndexes(withIndexes([], [3])), "3");
});

test("what is past the limit, or no index, is left out", (t) => {
	t.is(formatIndexes(parseIndexes("0,2-9,12", 5)), "0,2-4");
	t.is(formatIndexes(parseIndexes("x,5-3,-1,1", 5)), "1");
	t.deepEqual(parseIndexes(undefined, 5), []);
});

test("they behave as sets do, and are read as they are written", (t) => {
	fc.assert(
		fc.property(sets, sets, (one, other) => {
			const [a, b] = [withIndexes([], one), withIndexes([], other)];
			t.deepEqual(parseIndexes(formatIndexes(a), 100), a);
			t.is(countIndexes(a), one.length);
			t.is(countShared(a, b), one.filter((index) => other.includes(index)).length);
			t.deepEqual(withIndexes(a, other), withIndexes(b, one));
			t.deepEqual(union(a, b), withIndexes(a, other));
			for (let index = 0; index <= 41; index++) t.is(hasIndex(a, index), one.includes(index));
		}),
	);
});

test("the first that are free, found without looking at each that is taken", (t) => {
	const isOdd = (index: number) => index % 2 === 1;
	t.deepEqual(firstIndexes(2, 9, [[1, 2]], isOdd), [3, 5]);
	t.deepEqual(
		firstIndexes(9, 3, [], () => true),
		[0, 1, 2],
	);
	const most = 2 ** 31 - 1;
	t.deepEqual(
		firstIndexes(2, most, [[0, most - 2]], () => true),
		[most - 1],
	);
});
