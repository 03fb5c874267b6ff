/** A binary heap: the least element first, in logarithmic time. */
export interface Heap<T> {
	push(item: T): void;
	peek(): T | undefined;
	pop(): T | undefined;
	readonly size: number;
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
	const items: T[] = [];
	const at = (index: number) => items[index] as T;
	const swap = (i: number, j: number) => {
		const item = at(i);
		items[i] = at(j);
		items[j] = item;
	};

	function rise(index: number) {
		for (let child = index; child > 0; ) {
			const parent = (child - 1) >> 1;
			if (!before(at(child), at(parent))) return;
			swap(child, parent);
			child = parent;
		}
	}

	function sink() {
		for (let parent = 0; ; ) {
			const left = 2 * parent + 1;
			const right = left + 1;
			let least = parent;
			if (left < items.length && before(at(left), at(least))) least = left;
			if (right < items.length && before(at(right), at(least))) least = right;
			if (least === parent) return;
			swap(parent, least);
			parent = least;
		}
	}

	return {
		push: (item) => {
			items.push(item);
			rise(items.length - 1);
		},
		peek: () => items[0],
		pop: () => {
			const top = items[0];
			const last = items.pop();
			if (items.length > 0) {
				items[0] = last as T;
				sink();
			}
			return top;
		},
		get size() {
			return items.length;
		},
	};
}
