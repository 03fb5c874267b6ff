import test from "ava";
import { Pod } from "../kinds/core/pod.ts";
import { validateStructure } from "./validate.ts";

const texts = (value: unknown) =>
	validateStructure(Pod.schema, value).map(({ type, field, message }) => [type, field, message]);

test("closed sets", (t) => {
	t.deepEqual(
		texts({ spec: { restartPolicy: "", containers: [{ name: "a", ports: [{ protocol: "TCP" }] }] } }),
		[],
	);
	t.deepEqual(texts({ spec: { containers: [{}, { ports: [{ protocol: "ICMP" }] }] } }), [
		[
			"FieldValueNotSupported",
			"spec.containers[1].ports[0].protocol",
			'Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
		],
	]);
});

test("types, with the path of each", (t) => {
	const value = {
		metadata: { labels: { a: 1 }, creationTimestamp: "x" },
		spec: { containers: {}, hostNetwork: "yes", priority: 1.5, overhead: { cpu: "x" } },
	};
	t.deepEqual(
		texts(value).map(([type, field]) => `${type} ${field}`),
		[
			"FieldValueTypeInvalid metadata.creationTimestamp",
			"FieldValueTypeInvalid metadata.labels[a]",
			"FieldValueTypeInvalid spec.containers",
			"FieldValueTypeInvalid spec.hostNetwork",
			"FieldValueTypeInvalid spec.priority",
			"FieldValueInvalid spec.overhead[cpu]",
		],
	);
	t.deepEqual(texts({ metadata: null, spec: undefined }), []);
});
