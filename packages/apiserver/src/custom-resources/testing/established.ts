import type { TestServer } from "../../http/testing/test-server.ts";
import { DEFINITIONS, type Made } from "./definitions.ts";

/** Creates a definition and resolves when it is served. Throws with the server's message when it is refused. */
export async function establish(server: TestServer, definition: Made): Promise<void> {
	const made = await server.ask("POST", DEFINITIONS, { body: definition });
	if (made.code !== 201) throw new Error(made.json.message);
	await whenEstablished(server, definition.metadata.name);
}

export async function whenEstablished(server: TestServer, name: string): Promise<void> {
	await until(async () => {
		const { json } = await server.ask("GET", `${DEFINITIONS}/${name}`);
		return json.status?.conditions?.some(
			(condition: { type: string; status: string }) =>
				condition.type === "Established" && condition.status === "True",
		);
	});
}

/** Asks until the answer is yes; throws after ten seconds. */
export async function until(condition: () => Promise<boolean | undefined>): Promise<void> {
	const end = Date.now() + 10_000;
	while (!(await condition())) {
		if (Date.now() > end) throw new Error("it did not come about");
		await new Promise((resolve) => setImmediate(resolve));
	}
}
