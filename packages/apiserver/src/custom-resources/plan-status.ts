/** Which of its names a definition gets, and whether it is served: decided here, without effects. */
import {
	API_APPROVED,
	type CustomResourceDefinition,
	type CustomResourceDefinitionNames,
	isProtectedGroup,
} from "@berth/api";
import { type Condition, hasCondition, withCondition } from "./conditions.ts";

/** The definition as it should be; the very same when it is. `others` are all definitions; `time` in RFC 3339. */
export function planStatus(
	definition: CustomResourceDefinition,
	others: readonly CustomResourceDefinition[],
	time: string,
): CustomResourceDefinition {
	const { names, group } = definition.spec;
	const taken = takenNames(definition, others);
	const { accepted, conflict } = acceptNames(names, definition.status?.acceptedNames, taken);
	let next: CustomResourceDefinition = sameNames(definition.status?.acceptedNames, accepted)
		? definition
		: { ...definition, status: { ...definition.status, acceptedNames: accepted } };
	if (isProtectedGroup(group)) next = withCondition(next, approval(definition), time);
	next = withCondition(
		next,
		conflict ?? {
			type: "NamesAccepted",
			status: "True",
			reason: "NoConflicts",
			message: "no conflicts found",
		},
		time,
	);
	// What is served stays so: its objects must not become unreachable.
	if (hasCondition(definition, "Established")) return next;
	return withCondition(next, conflict ? NOT_ACCEPTED : ESTABLISHED, time);
}

const ESTABLISHED: Condition = {
	type: "Established",
	status: "True",
	reason: "InitialNamesAccepted",
	message: "the initial names have been accepted",
};

const NOT_ACCEPTED: Condition = {
	type: "Established",
	status: "False",
	reason: "NotAccepted",
	message: "not all names are accepted",
};

interface Taken {
	/** Plurals, singulars and short names: all are typed at the same place. */
	readonly resources: ReadonlySet<string>;
	/** Kinds and kinds of lists. */
	readonly kinds: ReadonlySet<string>;
}

function takenNames(
	definition: CustomResourceDefinition,
	others: readonly CustomResourceDefinition[],
): Taken {
	const accepted = others
		.filter(
			({ metadata, spec }) =>
				spec.group === definition.spec.group && metadata.name !== definition.metadata.name,
		)
		.flatMap(({ status }) => status?.acceptedNames ?? []);
	return {
		resources: new Set(
			accepted
				.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular ?? "", ...shortNames])
				.filter(Boolean),
		),
		kinds: new Set(accepted.flatMap(({ kind, listKind }) => [kind, listKind ?? ""]).filter(Boolean)),
	};
}

function acceptNames(
	wanted: CustomResourceDefinitionNames,
	before: CustomResourceDefinitionNames | undefined,
	{ resources, kinds }: Taken,
): { readonly accepted: CustomResourceDefinitionNames; readonly conflict: Condition | undefined } {
	let conflict: Condition | undefined;
	const refuse = (reason: string, ...names: readonly string[]) => {
		const message = names.map((name) => `${JSON.stringify(name)} is already in use`).join(", ");
		conflict ??= { type: "NamesAccepted", status: "False", reason, message };
	};
	const name = <K extends "plural" | "singular" | "kind" | "listKind">(
		field: K,
		taken: ReadonlySet<string>,
		reason: string,
	): string => {
		const value = wanted[field] ?? "";
		if (!taken.has(value)) return value;
		refuse(reason, value);
		return before?.[field] ?? "";
	};
	const short = wanted.shortNames ?? [];
	const takenShort = short.filter((each) => resources.has(each));
	const plural = name("plural", resources, "PluralConflict");
	const singular = name("singular", resources, "SingularConflict");
	if (takenShort.length) refuse("ShortNamesConflict", ...takenShort);
	const shortNames = takenShort.length ? (before?.shortNames ?? []) : short;
	const kind = name("kind", kinds, "KindConflict");
	const listKind = name("listKind", kinds, "ListKindConflict");
	const { categories = [] } = wanted;
	return {
		accepted: {
			plural,
			...(singular ? { singular } : {}),
			...(shortNames.length ? { shortNames } : {}),
			kind,
			...(listKind ? { listKind } : {}),
			...(categories.length ? { categories } : {}),
		},
		conflict,
	};
}

const sameNames = (a: CustomResourceDefinitionNames | undefined, b: CustomResourceDefinitionNames): boolean =>
	a !== undefined &&
	a.plural === b.plural &&
	a.singular === b.singular &&
	a.kind === b.kind &&
	a.listKind === b.listKind &&
	(a.shortNames ?? []).join() === (b.shortNames ?? []).join() &&
	(a.categories ?? []).join() === (b.categories ?? []).join();

/** Groups of Kubernetes itself: an annotation says who has agreed, or that nobody has yet. */
function approval({ metadata }: CustomResourceDefinition): Condition {
	const type = "KubernetesAPIApprovalPolicyConformant";
	const text = metadata.annotations?.[API_APPROVED] ?? "";
	if (text.startsWith("unapproved")) {
		return {
			type,
			status: "False",
			reason: "UnapprovedAnnotation",
			message: `not approved: ${JSON.stringify(text)}`,
		};
	}
	if (URL.canParse(text)) {
		return { type, status: "True", reason: "ApprovedAnnotation", message: `approved in ${text}` };
	}
	const message = text
		? `protected groups must have approval annotation ${JSON.stringify(API_APPROVED)} with either a URL or a reason starting with "unapproved"`
		: `protected groups must have approval annotation ${JSON.stringify(API_APPROVED)}, see https://github.com/kubernetes/enhancements/pull/1111`;
	return { type, status: "False", reason: text ? "InvalidAnnotation" : "MissingAnnotation", message };
}
