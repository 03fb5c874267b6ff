/**
 * PATCH with a configuration (server-side apply): what it says becomes so and belongs to its manager, what its manager no
 * longer says goes unless others own it, and what others own is not changed without force.
 */
import {
	applyConfiguration,
	compareObjects,
	conflict,
	conflictError,
	conflictsOf,
	type Draft,
	type FieldManager,
	type FieldSet,
	fieldSetOf,
	isAlreadyExists,
	type KubeObject,
	notFound,
	type Ownership,
	ownAfterApply,
	ownAfterUpdate,
} from "@berth/api";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { cacheOf, keyAt, nameOf, type RegistryContext, type Scope } from "./context.ts";
import { answerOf, createObject } from "./create.ts";
import { editObject } from "./edit.ts";
import { fieldManagerOf, fieldWrite, type Owners, ownersOf, unownedOf } from "./field-owners.ts";
import { besideRecord, beyondRecord, KUBECTL, withRecord } from "./last-applied.ts";
import type { Answer, Body } from "./request.ts";
import type { Target } from "./target.ts";
import { answerEdit, checkName, requireMayCreate } from "./update.ts";
import { type WriteOptions, writeOptions } from "./write-options.ts";

/** Writes tried when others change the object at the same time. */
const TRIES = 5;
/** Owns everything of an object that had no owners when the first configuration is applied to it. */
const BEFORE_FIRST_APPLY = "before-first-apply";

export async function apply(
	context: RegistryContext,
	scope: Scope,
	target: Target,
	body: Body,
): Promise<Answer> {
	const options = writeOptions(scope.request.query, "PatchOptions", { applies: true });
	const application: Application = {
		target,
		options,
		configuration: readConfiguration(scope, target, body, options.fieldValidation),
		manager: fieldManagerOf(scope, options.fieldManager, "Apply"),
	};
	const name = nameOf(scope);
	for (let tries = 1; ; tries += 1) {
		const exists = cacheOf(context, scope.kind).get(keyAt(scope, name)) !== undefined;
		try {
			if (exists) return await applyToLive(context, scope, name, application);
			return await applyToNothing(context, scope, name, application);
		} catch (error) {
			// Somebody else made it at the same time: then it is there to be changed.
			if (exists || !isAlreadyExists(error) || tries === TRIES) throw error;
			await context.objects.fresh(scope.signal);
		}
	}
}

interface Application {
	readonly target: Target;
	readonly options: WriteOptions;
	readonly configuration: Configuration;
	readonly manager: FieldManager;
}

async function applyToLive(
	context: RegistryContext,
	scope: Scope,
	name: string,
	{ target, options, configuration, manager }: Application,
): Promise<Answer> {
	const { schema } = scope.kind;
	const unowned = unownedOf(scope.kind, manager.subresource);
	const isKubectl = manager.manager === KUBECTL;
	// A part that is shown in a form of its own is configured in that form, and owned in the object's.
	const value = target.configure?.(configuration.value) ?? configuration.value;
	let fields: FieldSet | undefined;

	const change = (_view: KubeObject, stored: KubeObject): Draft<KubeObject> => {
		const owned = ownersBefore(context, scope, stored);
		const applied = applyConfiguration(schema, stored, owned, { configuration: value, manager, unowned });
		fields = applied.fields;
		const object = isKubectl ? withRecord(applied.object, stored, configuration.value) : applied.object;
		if (!target.configure) {
			const draft = configuration.decode(object);
			checkName(scope, name, draft);
			return draft;
		}
		const view = target.view(object as unknown as KubeObject);
		const metadata = { ...view.metadata, ...configuration.identity };
		return { ...view, metadata };
	};

	const owners: Owners = ({ stored, next }) => {
		const owned = ownersBefore(context, scope, stored);
		const changes = compareObjects(schema, stored, next, isKubectl ? besideRecord(unowned) : unowned);
		const conflicts = options.force ? [] : conflictsOf(owned, manager, changes.touched);
		const left = isKubectl ? beyondRecord(scope.kind, stored, conflicts) : conflicts;
		if (left.length) throw conflictError(left);
		return ownAfterApply(owned, fields, fieldWrite(context, manager, changes));
	};

	const { dryRun } = options;
	const written = await editObject(context, scope, { target, name, change, owners, dryRun, tries: TRIES });
	return answerEdit(scope, target, written, scope.kind.warnings?.(written.object));
}

/** Makes the object, which whoever applies must be allowed to. */
async function applyToNothing(
	context: RegistryContext,
	scope: Scope,
	name: string,
	{ target, options, configuration, manager }: Application,
): Promise<Answer> {
	if (!target.creates) throw notFound(scope.about, name);
	requireMayCreate(context, scope, name);
	const { uid } = configuration.identity;
	if (uid) {
		const reason = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
		throw conflict(scope.about, name, reason);
	}
	const draft = configuration.decode(configuration.value);
	checkName(scope, name, draft);
	const fields = fieldSetOf(scope.kind.schema, configuration.value, unownedOf(scope.kind));
	const write = fieldWrite(context, manager, { touched: fields, removed: undefined });
	const owners = () => ownAfterApply([], fields, write);
	const created = await createObject(context, scope, draft, { dryRun: options.dryRun, owners });
	return answerOf(scope.kind, 201, created, scope.kind.warnings?.(created.object));
}

function ownersBefore(context: RegistryContext, scope: Scope, stored: KubeObject): readonly Ownership[] {
	const owned = ownersOf(context.objects.fieldSets, stored);
	if (owned.length) return owned;
	const { apiVersion } = scope.kind;
	const manager = { manager: BEFORE_FIRST_APPLY, operation: "Update", apiVersion, subresource: "" } as const;
	const changes = compareObjects(scope.kind.schema, undefined, stored, unownedOf(scope.kind));
	return ownAfterUpdate([], fieldWrite(context, manager, changes));
}
