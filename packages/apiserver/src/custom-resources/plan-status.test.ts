import type { CustomResourceDefinition } from "@berth/api";
import test from "ava";
import { markDefinitionDeleting } from "./definition-deletion.ts";
import { planStatus } from "./plan-status.ts";
import { widgetDefinition } from "./testing/definitions.ts";

const TIME = "2026-01-02T12:00:00Z";
const definition = (
	names: object = {},
	group = "example.com",
	annotations = {},
): CustomResourceDefinition => {
	const made = widgetDefinition(undefined, {}, { group });
	const all = { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList", ...names };
	const name = `${all.plural}.${group}`;
	return {
		...made,
		metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: TIME, annotations },
		spec: { ...made.spec, names: all },
	} as unknown as CustomResourceDefinition;
};
const inShort = ({ status }: CustomResourceDefinition) =>
	status?.conditions?.map((condition) => `${condition.type} ${condition.status} ${condition.reason}`);

test("names that are free are accepted, once and for all", (t) => {
	const planned = planStatus(definition(), [], TIME);
	t.deepEqual(inShort(planned), ["NamesAccepted True NoConflicts", "Established True InitialNamesAccepted"]);
	t.is(planStatus(planned, [planned], "2026-01-03T12:00:00Z"), planned);
});

test("a rival's names are refused; what is established stays so with its old names", (t) => {
	const first = planStatus(definition({ shortNames: ["wi"] }), [], TIME);
	const rival = definition({
		plural: "wides",
		singular: "wide",
		kind: "Wide",
		listKind: "WideList",
		shortNames: ["wi"],
	});
	t.deepEqual(inShort(planStatus(rival, [first], TIME)), [
		"NamesAccepted False ShortNamesConflict",
		"Established False NotAccepted",
	]);
	const before = planStatus(
		{ ...rival, spec: { ...rival.spec, names: { ...rival.spec.names, shortNames: [] } } },
		[first],
		TIME,
	);
	const after = planStatus({ ...before, spec: rival.spec }, [first, before], TIME);
	t.deepEqual(inShort(after), [
		"NamesAccepted False ShortNamesConflict",
		"Established True InitialNamesAccepted",
	]);
	t.is(after.status?.acceptedNames?.shortNames, undefined);
	const elsewhere = definition({}, "other.example.com");
	t.is(inShort(planStatus(elsewhere, [first], TIME))?.[0], "NamesAccepted True NoConflicts");
});

test("groups of Kubernetes itself say by whom they are approved", (t) => {
	const reason = (text?: string) =>
		inShort(
			planStatus(
				definition({}, "x.k8s.io", text === undefined ? {} : { "api-approved.kubernetes.io": text }),
				[],
				TIME,
			),
		)?.[0];
	t.is(reason("https://example.com/1"), "KubernetesAPIApprovalPolicyConformant True ApprovedAnnotation");
	t.is(reason("unapproved, for now"), "KubernetesAPIApprovalPolicyConformant False UnapprovedAnnotation");
	t.is(reason("yes"), "KubernetesAPIApprovalPolicyConformant False InvalidAnnotation");
	t.is(reason(), "KubernetesAPIApprovalPolicyConformant False MissingAnnotation");
});

test("deletion is marked once", (t) => {
	const marked = markDefinitionDeleting(definition());
	t.deepEqual(marked.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
	t.deepEqual(inShort(marked), ["Terminating True InstanceDeletionPending"]);
	t.is(markDefinitionDeleting(marked), marked);
});
