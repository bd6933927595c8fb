// Values as they travel. A leaf is null, true, false, or a text whose first letter tells its type, so that no number ever
// becomes a JavaScript number:
//   s text   i whole number   d double   m decimal   o class name, line feed, text of an object of the program
//   r a value that is not recorded: redacted, or out of what the history is of   c length, colon, the beginning of a longer leaf, itself with its letter
// A map is an object, a list an array. What was parsed is shared and never written to; a state's own copies are of the
// two kinds below.

class OwnList extends Array {}

const isList = value => Array.isArray(value);
const isContainer = value => value !== null && typeof value === 'object';
const isOwn = value => value instanceof Map || value instanceof OwnList;
const isMissing = value => value === undefined;

function keysOf(container) {
  if (isList(container)) return Array.from(container, (_, i) => String(i));
  const keys = container instanceof Map ? [...container.keys()] : Object.keys(container);
  return keys.sort(); // by UTF-16 code unit, as Java sorts
}

function sizeOf(container) {
  if (isList(container)) return container.length;
  return container instanceof Map ? container.size : Object.keys(container).length;
}

function childOf(container, key) {
  if (!isContainer(container)) return undefined;
  if (isList(container)) return /^(0|[1-9]\d{0,9})$/.test(key) ? container[Number(key)] : undefined;
  if (container instanceof Map) return container.get(key);
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function valueAt(root, tokens) {
  let node = root;
  for (const token of tokens) {
    node = childOf(node, token);
    if (isMissing(node)) return undefined;
  }
  return node;
}

const KINDS = { s: 'text', i: 'whole', d: 'double', m: 'decimal', o: 'object', r: 'redacted', c: 'cut' };

function kindOf(value) {
  if (isMissing(value)) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return KINDS[value[0]];
  return isList(value) ? 'list' : 'map';
}

/** What people read in the type column. */
function typeOf(value) {
  const kind = kindOf(value);
  if (kind === 'map') return `map · ${count(sizeOf(value))}`;
  if (kind === 'list') return `list · ${count(sizeOf(value))}`;
  if (kind === 'object') return value.slice(1, value.indexOf('\n')).replace(/^.*[.$]/, '');
  if (kind === 'cut') return `${typeOf(cutLeaf(value))}, cut`;
  return kind;
}

const cutLeaf = value => value.slice(value.indexOf(':') + 1);
const cutLength = value => Number(value.slice(1, value.indexOf(':')));

/** The text of a leaf, without its type. */
function leafText(value) {
  const kind = kindOf(value);
  if (kind === 'missing') return 'missing';
  if (kind === 'redacted') return value.slice(1).replace(/^\(| \d+\)$|\)$/g, ''); // the number tells changes apart, for same()
  if (kind === 'object') return value.slice(value.indexOf('\n') + 1);
  if (kind === 'cut') return leafText(cutLeaf(value));
  return typeof value === 'string' ? value.slice(1) : String(value);
}

/** Equal trees, types included. */
function same(a, b) {
  if (a === b) return true;
  if (!isContainer(a) || !isContainer(b) || isList(a) !== isList(b) || sizeOf(a) !== sizeOf(b)) return false;
  if (isList(a)) return a.every((element, i) => same(element, b[i]));
  return keysOf(a).every(key => {
    const other = childOf(b, key);
    return !isMissing(other) && same(childOf(a, key), other);
  });
}

/** One line of JSON-like text that says what a value holds, up to a number of characters. */
function preview(value, limit) {
  let text = '';
  const add = more => { text += more; return text.length < limit; };
  const walk = (node, depth) => {
    if (!isContainer(node)) {
      const leaf = leafText(node);
      const short = leaf.length > limit ? leaf.slice(0, limit) + '…' : leaf;
      return add(/^[sc]/.test(node ?? '') ? JSON.stringify(short) : short);
    }
    const list = isList(node);
    if (depth > 4) return add(list ? '[…]' : '{…}');
    if (!add(list ? '[' : '{')) return false;
    let first = true;
    for (const key of list ? node.keys() : keysOf(node)) {
      if (!first && !add(', ')) return false;
      first = false;
      if (!list && !add(key.slice(0, limit) + ': ')) return false;
      if (!walk(list ? node[key] : childOf(node, key), depth + 1)) return false;
    }
    return add(list ? ']' : '}');
  };
  return walk(value, 0) && text.length <= limit ? text : text.slice(0, limit) + '…';
}

/** Thrown where a value has no exact JSON here: it was redacted, cut, or is an object of the program. */
class NotJson extends Error {}

/** A value as JSON, numbers digit by digit as they came. */
function toJson(value, indent = '', step = '  ') {
  const kind = kindOf(value);
  if (kind === 'null' || kind === 'boolean') return String(value);
  if (kind === 'text') return JSON.stringify(value.slice(1));
  if (kind === 'whole' || kind === 'double' || kind === 'decimal') return value.slice(1);
  if (!isContainer(value)) {
    throw new NotJson({
      redacted: 'a part of it is not recorded',
      cut: 'a part of it was too long for this recording, and is cut',
      object: 'a part of it is an object of the program that JSON has no word for',
    }[kind]);
  }
  const list = isList(value);
  const parts = keysOf(value).map(key => {
    const child = toJson(childOf(value, key), indent + step, step);
    return list ? child : `${JSON.stringify(key)}: ${child}`;
  });
  if (parts.length === 0) return list ? '[]' : '{}';
  const line = '\n' + indent;
  return `${list ? '[' : '{'}${line}${step}${parts.join(`,${line}${step}`)}${line}${list ? ']' : '}'}`;
}

const count = number => number.toLocaleString('en');
const many = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
