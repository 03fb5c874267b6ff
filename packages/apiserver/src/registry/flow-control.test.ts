import { FlowSchema, type KubeObject, PriorityLevelConfiguration, type Transport } from "@berth/api";
import test from "ava";
import { mandatoryFlows, suggestFlows } from "./flow-control.ts";
import { openRegistry } from "./testing/open-registry.ts";

test("every schema that a cluster starts with is valid and leads to a level that exists", async (t) => {
	await using api = await openRegistry();
	const transport = {
		call: ({ path, body }: { path: string; body: KubeObject }) =>
			api.ask("create", path.endsWith("flowschemas") ? FlowSchema : PriorityLevelConfiguration, { body }),
	} as unknown as Transport;
	for (const { kind, draft } of mandatoryFlows()) await api.ask("create", kind, { body: draft });
	await suggestFlows(api.objects, transport);
	await suggestFlows(api.objects, transport);
	const levels = await api.names(PriorityLevelConfiguration);
	t.is(levels.length, 8);
	const schemas = api.objects.of<FlowSchema>(FlowSchema).list();
	t.is(schemas.length, 13);
	for (const { object } of schemas) t.true(levels.includes(object.spec.priorityLevelConfiguration.name));
});
