/** Text by characters: CEL counts code points, JavaScript UTF-16 units. */

/** Most text is plain: then units are characters. */
const WIDE = /[\ud800-\udfff]/;

export const isPlain = (text: string): boolean => !WIDE.test(text);

/** Number of characters. */
export function lengthOf(text: string): number {
	if (isPlain(text)) return text.length;
	let count = 0;
	for (const _ of text) count += 1;
	return count;
}

/** Characters from `start` up to but not including `end`. */
export function sliceOf(text: string, start: number, end?: number): string {
	return isPlain(text) ? text.slice(start, end) : [...text].slice(start, end).join("");
}

/** Which character a UTF-16 offset is. */
export const characterAt = (text: string, offset: number): number =>
	offset < 0 ? -1 : isPlain(text) ? offset : lengthOf(text.slice(0, offset));

/** The UTF-16 offset of a character. */
export const offsetOf = (text: string, character: number): number =>
	isPlain(text) ? character : [...text].slice(0, character).join("").length;
