/** base64 without Node: this package also runs in browsers. */

/** The UTF-8 bytes of a text, as base64. */
export function base64OfText(text: string): string {
	const bytes = new TextEncoder().encode(text);
	let binary = "";
	// In portions: a call takes only so many arguments.
	for (let start = 0; start < bytes.length; start += PORTION)
		binary += String.fromCharCode(...bytes.subarray(start, start + PORTION));
	return btoa(binary);
}

const PORTION = 8192;

/** How many bytes a (valid) base64 text stands for. */
export function base64Length(text: string): number {
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	return Math.max(0, (text.length / 4) * 3 - padding);
}

/** How many bytes a text takes in UTF-8. */
export const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** The text that base64 stands for, or undefined when it is no base64 of UTF-8. */
export function textOfBase64(text: string): string | undefined {
	try {
		const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
