/** How a JSON property is spelled in an expression: characters that no name may have are written out. */

const WORDS: readonly (readonly [text: string, written: string])[] = [
	["__", "__underscores__"],
	[".", "__dot__"],
	["-", "__dash__"],
	["/", "__slash__"],
];
const KEYWORDS: ReadonlySet<string> = new Set(
	"true false null in as break const continue else for function if import let loop package namespace return var void while".split(
		" ",
	),
);
const NAME = /^[A-Za-z_]\w*$/;

/** Undefined when the property cannot be spelled at all: expressions do not see it. */
export function escapeField(key: string): string | undefined {
	if (KEYWORDS.has(key)) return `__${key}__`;
	if (NAME.test(key) && !key.includes("__")) return key;
	let written = key;
	for (const [text, word] of WORDS) written = written.replaceAll(text, word);
	return NAME.test(written) ? written : undefined;
}
