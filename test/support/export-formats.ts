// What other programs say of the formats that the viewer writes, as JSON Schemas and as the lines of a grammar.
//
// ITF: Apalache, ADR 15. Trace events: "Trace Event Format", which ui.perfetto.dev reads. asciinema: asciicast v2.
// ShiViz: its default parser. Mermaid: the statements of a sequence diagram that we use.

const text = { type: 'string' } as const;
const time = { type: 'number', minimum: 0 } as const;
const whole = { type: 'integer', minimum: 0 } as const;

/** An object with a key that begins with # is a value of TLA+ that JSON does not have; any other is a record. */
export const itf = {
  $defs: {
    value: {
      oneOf: [
        { type: ['boolean', 'string'] },
        { type: 'array', items: { $ref: '#/$defs/value' } },
        special('#bigint', { type: 'string', pattern: '^-?[0-9]+$' }),
        special('#tup', { type: 'array', items: { $ref: '#/$defs/value' } }),
        special('#set', { type: 'array', items: { $ref: '#/$defs/value' } }),
        special('#map', {
          type: 'array',
          items: { type: 'array', minItems: 2, maxItems: 2, items: { $ref: '#/$defs/value' } },
        }),
        special('#unserializable', text),
        { type: 'object', propertyNames: { pattern: '^[^#]' }, additionalProperties: { $ref: '#/$defs/value' } },
      ],
    },
  },
  type: 'object',
  required: ['vars', 'states'],
  additionalProperties: false,
  properties: {
    '#meta': { type: 'object' },
    params: { type: 'array', items: text },
    vars: { type: 'array', items: text, uniqueItems: true },
    loop: whole,
    states: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { '#meta': { type: 'object' } },
        additionalProperties: { $ref: '#/$defs/value' },
      },
    },
  },
};

function special(name: string, of: object): object {
  return { type: 'object', required: [name], additionalProperties: false, properties: { [name]: of } };
}

export const traceEvents = {
  type: 'object',
  required: ['traceEvents'],
  properties: {
    displayTimeUnit: { enum: ['ms', 'ns'] },
    traceEvents: {
      type: 'array',
      items: {
        oneOf: [
          event('M', {
            name: { enum: ['process_name', 'thread_name'] },
            args: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: text } },
          }),
          event('X', { ts: time, dur: time }),
          event('i', { ts: time, s: { enum: ['g', 'p', 't'] }, args: { type: 'object' } }),
          event('s', { ts: time, id: whole, cat: text }),
          event('f', { ts: time, id: whole, cat: text, bp: { const: 'e' } }),
        ],
      },
    },
  },
};

function event(ph: string, more: object): object {
  const properties = { name: text, ph: { const: ph }, pid: whole, tid: whole, ...more };
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties };
}

export const asciicastHeader = {
  type: 'object',
  required: ['version', 'width', 'height'],
  additionalProperties: false,
  properties: {
    version: { const: 2 },
    width: { type: 'integer', minimum: 1 },
    height: { type: 'integer', minimum: 1 },
    timestamp: whole,
    duration: time,
    idle_time_limit: time,
    command: text,
    title: text,
    env: { type: 'object', additionalProperties: text },
    theme: { type: 'object' },
  },
};

export const asciicastEvent = {
  type: 'array',
  minItems: 3,
  maxItems: 3,
  items: [time, { enum: ['o', 'i', 'm', 'r'] }, text],
};

/** The default of ShiViz: an event, then its host and its clock. */
export const shivizEvents = /(?<event>.*)\n(?<host>\S*) (?<clock>{.*})\n?/g;

/** A line of a sequence diagram; a `;` or a `#` in its text would end the statement or begin an entity. */
export const mermaidLine =
  /^(?:sequenceDiagram| +participant \S+| +(?:\S+) ?(?:-->>|->>|--x|-x|--\)|-\)) ?\S+: [^;#]+| +[Nn]ote (?:over|left of|right of) [\w,]+: [^;#]+|)$/;
