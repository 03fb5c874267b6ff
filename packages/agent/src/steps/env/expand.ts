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
