/** What a coloured dot stands for. Never the only sign: a text is beside it. */
export type Tone = 'ok' | 'warn' | 'danger' | 'idle';
