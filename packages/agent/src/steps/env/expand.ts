/**
 * `$(NAME)` in commands and values: replaced by the variable's value; left as it is when there is no such variable;
 * `$$` is one dollar sign. https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
	return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, rest: string, name: string) => {
		if (rest === "$") return "$";
		return variables.get(name) ?? whole;
	});
}

/** As `expand`, for what would mean another place with a part left out. Throws where a variable is absent or empty. */
export function expandWhole(text: string, variables: ReadonlyMap<string, string>): string {
	const named = [...text.matchAll(/\$(?:\$|\(([^)]*)\))/g)].flatMap(([, name]) => name ?? []);
	const missing = [...new Set(named)].filter((name) => !variables.get(name)).sort();
	if (missing.length > 0) throw new Error(`missing value for ${missing.join(", ")}`);
	return expand(text, variables);
}
