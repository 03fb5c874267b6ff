/** A pattern as instructions for all ways through it at once. */
import type { CharacterClass } from "./character-class.ts";
import { type Assertion, RegexError, type RegexNode } from "./syntax.ts";

export type Instruction =
	| { readonly kind: "character"; readonly matches: CharacterClass }
	| { readonly kind: "assertion"; readonly assertion: Assertion }
	/** Both ways; `first` is preferred. */
	| { readonly kind: "split"; first: number; other: number }
	| { readonly kind: "jump"; to: number }
	| { readonly kind: "match" };

export type Program = readonly Instruction[];

/** Instructions at most: repetitions of repetitions multiply. */
const MAX_SIZE = 20_000;

/** Throws RegexError for a pattern that would become too large. */
export function instructionsOf(node: RegexNode, pattern: string): Program {
	const program: Instruction[] = [];
	emit(node);
	program.push({ kind: "match" });
	return program;

	function add<I extends Instruction>(instruction: I): I {
		if (program.length >= MAX_SIZE) throw new RegexError("expression too large", pattern);
		program.push(instruction);
		return instruction;
	}

	function emit(node: RegexNode): void {
		switch (node.kind) {
			case "empty":
				return;
			case "character":
			case "assertion":
				add(node);
				return;
			case "sequence":
				for (const part of node.nodes) emit(part);
				return;
			case "alternatives":
				emitAlternatives(node.nodes);
				return;
			case "repeat":
				for (let i = 0; i < node.min; i += 1) emit(node.node);
				if (node.max === Number.POSITIVE_INFINITY) emitLoop(node.node, node.greedy);
				else emitOptional(node.node, node.max - node.min, node.greedy);
		}
	}

	function emitAlternatives(nodes: readonly RegexNode[]): void {
		const ends: { kind: "jump"; to: number }[] = [];
		for (const [i, node] of nodes.entries()) {
			if (i === nodes.length - 1) {
				emit(node);
				break;
			}
			const split = add({ kind: "split", first: program.length + 1, other: 0 });
			emit(node);
			ends.push(add({ kind: "jump", to: 0 }));
			split.other = program.length;
		}
		for (const end of ends) end.to = program.length;
	}

	function emitLoop(node: RegexNode, greedy: boolean): void {
		const begin = program.length;
		const split = add({ kind: "split", first: 0, other: 0 });
		const body = program.length;
		emit(node);
		add({ kind: "jump", to: begin });
		direct(split, body, program.length, greedy);
	}

	function emitOptional(node: RegexNode, times: number, greedy: boolean): void {
		const splits: { readonly split: { first: number; other: number }; readonly body: number }[] = [];
		for (let i = 0; i < times; i += 1) {
			const split = add({ kind: "split", first: 0, other: 0 });
			splits.push({ split, body: program.length });
			emit(node);
		}
		for (const { split, body } of splits) direct(split, body, program.length, greedy);
	}
}

function direct(split: { first: number; other: number }, body: number, exit: number, greedy: boolean): void {
	split.first = greedy ? body : exit;
	split.other = greedy ? exit : body;
}
