import test from "ava";
import { completed, refusals, row, sampleMeta } from "../testing/samples.ts";
import { Namespace } from "./namespace.ts";

const namespace = (extra: Partial<Namespace> = {}): Namespace => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: sampleMeta("dev", { namespace: undefined }),
	spec: {},
	...extra,
});

test("is labelled with its name, and starts active with a finalizer", (t) => {
	const made = Namespace.prepareCreate?.(completed(Namespace, namespace()));
	t.deepEqual(made?.metadata.labels, { "kubernetes.io/metadata.name": "dev" });
	t.deepEqual(made?.spec, { finalizers: ["kubernetes"] });
	t.deepEqual(made?.status, { phase: "Active" });
	const own = Namespace.prepareCreate?.(namespace({ spec: { finalizers: ["example.com/x"] } }));
	t.deepEqual(own?.spec.finalizers, ["example.com/x", "kubernetes"]);
});

test("an update leaves the finalizers alone", (t) => {
	const old = namespace({ spec: { finalizers: ["kubernetes"] } });
	t.deepEqual(Namespace.prepareUpdate?.(namespace(), old).spec, { finalizers: ["kubernetes"] });
});

test("prints and selects", (t) => {
	const active = namespace({ status: { phase: "Active" } });
	t.deepEqual(row(Namespace, active), { Status: "Active", Age: "5m" });
	t.is(Namespace.selectableFields?.["status.phase"]?.(active), "Active");
});

test("judges finalizers and phases", (t) => {
	t.deepEqual(refusals(Namespace, namespace({ spec: { finalizers: ["kubernetes", "mine"] } })), [
		'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
	]);
	const phases = (phase: "Active" | "Terminating", deletionTimestamp?: string) =>
		Namespace.validateStatusUpdate?.(
			{ ...namespace({ status: { phase } }), metadata: sampleMeta("dev", { deletionTimestamp }) },
			namespace(),
		).map(({ field, message }) => `${field}: ${message}`);
	t.deepEqual(phases("Active"), []);
	t.deepEqual(phases("Terminating"), [
		"status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
	]);
	t.deepEqual(phases("Active", "2026-01-02T11:59:00Z"), [
		"status.Phase: Invalid value: \"Active\": may only be 'Terminating' if `deletionTimestamp` is not empty",
	]);
});
