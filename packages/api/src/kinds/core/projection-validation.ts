/** Validation of projected volumes: several sources in one directory. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { localUnreservedPath, optionalName, requiredText } from "../field-checks.ts";
import type {
	ClusterTrustBundleProjection,
	PodCertificateProjection,
	ServiceAccountTokenProjection,
	VolumeProjection,
} from "./volume-files.ts";
import { downwardFileErrors, validateItems } from "./volume-validation.ts";

type SourceName = keyof VolumeProjection;

export function validateProjections(sources: readonly VolumeProjection[], path: string): FieldError[] {
	const taken = new Set<string>();
	return sources.flatMap((source, index) => {
		const at = `${path}[${index}]`;
		const [first, ...others] = (Object.keys(source) as SourceName[]).filter((name) => source[name]);
		if (first === undefined) return [required(at, "must specify a volume type")];
		return [
			...sourceErrors(source, at),
			...pathsOf(source).flatMap((file) => takePath(file, taken, `${at}.${first}`)),
			...others.map((name) => forbiddenField(`${at}.${name}`, "may not specify more than 1 volume type")),
		];
	});
}

function takePath(file: string, taken: Set<string>, field: string): FieldError[] {
	if (taken.has(file)) return [invalidValue(field, file, "conflicting duplicate paths")];
	taken.add(file);
	return [];
}

/** The files that a source puts into the directory, as far as they are known. */
const pathsOf = (source: VolumeProjection): string[] =>
	[
		...(source.secret?.items ?? []).map(({ path }) => path),
		...(source.configMap?.items ?? []).map(({ path }) => path),
		...(source.downwardAPI?.items ?? []).map(({ path }) => path),
		source.serviceAccountToken?.path,
		source.clusterTrustBundle?.path,
	].flatMap((path) => path || []);

const sourceErrors = (source: VolumeProjection, path: string): FieldError[] => [
	...(source.secret ? namedErrors(source.secret, `${path}.secret`) : []),
	...(source.configMap ? namedErrors(source.configMap, `${path}.configMap`) : []),
	...(source.downwardAPI ? downwardFileErrors(source.downwardAPI.items ?? [], `${path}.downwardAPI`) : []),
	...(source.serviceAccountToken
		? tokenErrors(source.serviceAccountToken, `${path}.serviceAccountToken`)
		: []),
	...(source.clusterTrustBundle ? bundleErrors(source.clusterTrustBundle, `${path}.clusterTrustBundle`) : []),
	...(source.podCertificate ? certificateErrors(source.podCertificate, `${path}.podCertificate`) : []),
];

type Named = NonNullable<VolumeProjection["secret"]>;

const namedErrors = ({ name, items }: Named, path: string): FieldError[] => [
	...requiredText(`${path}.name`, name),
	...optionalName(`${path}.name`, name, dnsSubdomainErrors),
	...validateItems(items ?? [], `${path}.items`),
];

const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;

function tokenErrors(token: ServiceAccountTokenProjection, path: string): FieldError[] {
	const seconds = token.expirationSeconds ?? MIN_SECONDS;
	return [
		...(seconds < MIN_SECONDS
			? [
					invalidValue(
						`${path}.expirationSeconds`,
						seconds,
						"may not specify a duration less than 10 minutes",
					),
				]
			: []),
		...(seconds > MAX_SECONDS
			? [
					invalidValue(
						`${path}.expirationSeconds`,
						seconds,
						"may not specify a duration larger than 2^32 seconds",
					),
				]
			: []),
		...(token.path ? localUnreservedPath(`${path}.path`, token.path) : [required(`${path}.path`)]),
	];
}

function bundleErrors(bundle: ClusterTrustBundleProjection, path: string): FieldError[] {
	const { name, signerName } = bundle;
	return [
		...(name && signerName
			? [invalidValue(path, bundle, "only one of name and signerName may be used")]
			: []),
		...(!name && !signerName ? [required(path, "either name or signerName must be specified")] : []),
		...(bundle.path ? localUnreservedPath(`${path}.path`, bundle.path) : [required(`${path}.path`)]),
	];
}

function certificateErrors(projection: PodCertificateProjection, path: string): FieldError[] {
	const { credentialBundlePath, keyPath, certificateChainPath } = projection;
	return [
		...requiredText(`${path}.signerName`, projection.signerName),
		...requiredText(`${path}.keyType`, projection.keyType),
		...(!credentialBundlePath && !keyPath && !certificateChainPath
			? [required(path, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")]
			: []),
	];
}
