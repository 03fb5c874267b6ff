/** Sets of characters, as patterns write them. */

/** Code points from the first to the second, both included. */
export type Range = readonly [from: number, to: number];

/** Whether a code point is in the set. */
export type CharacterClass = (codePoint: number) => boolean;

export const DIGITS: readonly Range[] = [[48, 57]];
export const WORD: readonly Range[] = [
	[48, 57],
	[65, 90],
	[95, 95],
	[97, 122],
];
export const SPACES: readonly Range[] = [
	[9, 10],
	[12, 13],
	[32, 32],
];

/** `[[:alpha:]]` and its like. */
export const POSIX: Readonly<Record<string, readonly Range[]>> = {
	alnum: [
		[48, 57],
		[65, 90],
		[97, 122],
	],
	alpha: [
		[65, 90],
		[97, 122],
	],
	ascii: [[0, 127]],
	blank: [
		[9, 9],
		[32, 32],
	],
	cntrl: [
		[0, 31],
		[127, 127],
	],
	digit: DIGITS,
	graph: [[33, 126]],
	lower: [[97, 122]],
	print: [[32, 126]],
	punct: [
		[33, 47],
		[58, 64],
		[91, 96],
		[123, 126],
	],
	space: [
		[9, 13],
		[32, 32],
	],
	upper: [[65, 90]],
	word: WORD,
	xdigit: [
		[48, 57],
		[65, 70],
		[97, 102],
	],
};

export function classOf(ranges: readonly Range[], negated = false): CharacterClass {
	const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
	const [only] = sorted;
	if (only && sorted.length === 1) {
		const [from, to] = only;
		return (code) => (code >= from && code <= to) !== negated;
	}
	return (code) => sorted.some(([from, to]) => code >= from && code <= to) !== negated;
}

export const anyOf = (classes: readonly CharacterClass[], negated = false): CharacterClass => {
	const [only] = classes;
	if (only && classes.length === 1 && !negated) return only;
	return (code) => classes.some((one) => one(code)) !== negated;
};

/** Both cases of a character count as it. */
export const ignoringCase =
	(inner: CharacterClass): CharacterClass =>
	(code) => {
		if (inner(code)) return true;
		const text = String.fromCodePoint(code);
		const [lower, upper] = [text.toLowerCase(), text.toUpperCase()];
		return (
			(single(lower) && inner(lower.codePointAt(0) ?? 0)) ||
			(single(upper) && inner(upper.codePointAt(0) ?? 0))
		);
	};

const single = (text: string): boolean =>
	text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);

/** `\p{Greek}`, `\pL`; undefined for a name that Unicode does not have. Asked of one character at a time: never backtracks. */
export function unicodeClass(name: string, negated: boolean): CharacterClass | undefined {
	const property = propertyOf(name);
	return property && ((code) => property.test(String.fromCodePoint(code)) !== negated);
}

function propertyOf(name: string): RegExp | undefined {
	if (!/^[A-Za-z_]+$/.test(name)) return undefined;
	for (const body of [`gc=${name}`, `sc=${name}`]) {
		try {
			return new RegExp(`^\\p{${body}}$`, "u");
		} catch {
			// Not a general category: perhaps a script.
		}
	}
	return undefined;
}
