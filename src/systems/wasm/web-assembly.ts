// The part of WebAssembly's interface that is used here, since the types of Node leave it out.
//
// Nothing of it is asynchronous: a module is compiled and entered in the thread that asks.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A global that a module exports. */
export interface WasmGlobal {
  value: number;
}

/** A compiled module; what it holds is asked for by `wasm.Module`. */
export type WasmModule = object;

interface Port {
  readonly module: string;
  readonly name: string;
}

interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    exports(module: WasmModule): readonly Port[];
    imports(module: WasmModule): readonly Port[];
  };
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
}

declare const WebAssembly: WebAssemblyApi;

export const wasm: WebAssemblyApi = WebAssembly;
