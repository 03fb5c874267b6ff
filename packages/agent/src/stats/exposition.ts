/** Prometheus' text format. Pure. Source: prometheus.io/docs/instrumenting/exposition_formats. */

export interface Series {
	readonly labels?: Readonly<Record<string, string>> | undefined;
	readonly value: number;
	/** Milliseconds since the epoch; absent: the time of the scrape. */
	readonly at?: number | undefined;
}

export interface Family {
	readonly name: string;
	readonly type: "counter" | "gauge";
	readonly help: string;
	readonly series: readonly Series[];
}

/** Families without series are left out. */
export function exposition(families: readonly Family[]): string {
	return families
		.filter(({ series }) => series.length > 0)
		.map(({ name, type, help, series }) => {
			const lines = series.map(({ labels, value, at }) => {
				const stamp = at === undefined ? "" : ` ${Math.floor(at)}`;
				return `${name}${labels ? labelsOf(labels) : ""} ${value}${stamp}\n`;
			});
			return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
		})
		.join("");
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
	return `{${pairs.join(",")}}`;
}

const escaped = (value: string) => value.replace(/[\\"\n]/g, (it) => (it === "\n" ? "\\n" : `\\${it}`));
