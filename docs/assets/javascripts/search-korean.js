/**
 * 한국어로 찾기입니다. 빌드가 용어집을 채우고 `search-lunr.js`를 이어 테마의 `lunr.ko.min.js` 자리에
 * 놓고, 검색 일꾼이 읽습니다.
 *
 * 테마의 찾기는 낱말의 앞머리만 봅니다. 여기서는 lunr가 모은 낱말을 빈칸 없이 이어 적고, 그 글에서
 * 찾는 말을 글자로 찾습니다. 그래서 낱말의 가운데도, 띄어쓰기가 다른 말도 찾습니다. 조사는 떼고,
 * 다른 이름은 용어집의 낱말로 바꾸어 봅니다.
 */
(() => {
  /**
   * 용어집의 낱말 하나입니다. 다른 말의 첫째는 영어입니다.
   * @typedef {{ term: string, words: string[], page: string | null }} Concept
   *
   * 찾을 말과 그 무게입니다.
   * @typedef {{ text: string, weight: number }} Form
   *
   * 빈칸 없이 이은 글과, 낱말마다 시작하는 곳과 테마가 칠할 자리입니다.
   * @typedef {{ text: string, starts: number[], places: number[] }} Passage
   *
   * 찾은 곳: 걸친 낱말의 처음과 끝, 얼마나 꼭 맞는지(1이면 낱말 하나).
   * @typedef {{ first: number, last: number, fit: number }} Hit
   *
   * 함께 찾을 말: 질문의 어느 낱말들인지, 어떤 꼴로 찾을지, 그 말을 다루는 페이지.
   * @typedef {{ clauses: number[], forms: Form[], page: string | null }} Wish
   *
   * @typedef {{ term: string, fields: string[], presence: number }} Clause
   * @typedef {Record<string, Record<string, { position: number[] }>>} Marks
   * @typedef {{ ref: string, score: number, matchData: { metadata: Marks } }} Result
   * @typedef {Map<string, { boost: number, fields: Map<string, Passage> }>} Library
   */

  /** @type {Concept[]} */
  const GLOSSARY = [/* 용어집 */];

  const PARTICLES = new Set(
    ("은 는 이 가 을 를 의 에 와 과 도 만 로 으로 랑 이랑 나 이나 라 이라 란 이란 든 이든 " +
      "에서 에게 한테 까지 부터 처럼 보다 마다 마저 조차 밖에 이다 입니다 이며 이고 하고 " +
      "에는 에도 에만 에의 에서는 에서도 에게는 으로는 로는 으로도 로도 으로서 로서 으로써 로써 " +
      "와는 과는 와의 과의 까지는 부터는 이라고 라고 이라는 라는 만의 만을 들 들은 들이 들을 들의 " +
      "하기 하는 하면 하려면 되는 인가 인지").split(" "),
  );

  const PATH = "path"; // API의 이름: gan_docs.trainer.Trainer.train
  const LONGEST_NAME = 4; // 이름 하나의 낱말 수
  const TYPED = 4; // 이만큼 치면 이름의 나머지를 짐작
  const KNOWN = 0.9; // 용어집이 이어 준 낱말의 무게
  const TRANSLATED = 0.4; // 그 영어의 무게
  const STRIPPED = 0.95; // 조사를 뗀 말의 무게
  const ABOUT = 40; // 그 낱말을 다루는 페이지에 더하는 점수
  const TITLE_IS = 40; // 제목이 곧 찾는 말
  const TITLE_HAS = 12; // 제목에 찾는 말
  const PATH_HAS = 12; // API의 점 찍은 이름에 찾는 말
  const PREFIX = 0.7; // 낱말의 앞머리
  const INSIDE = 0.4; // 낱말의 가운데

  /** 넓은 글자와 아래 첨자를 보통 글자로, 풀어 쓴 한글을 모아쓰기로 바꿉니다. @param {string} text */
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  /** 쓰다 만 낱자와 빈칸을 버립니다. @param {string} text */
  const squeeze = (text) => plain(text).replace(/[\s\u200b-]+|[\u1100-\u11ff]+$/g, "");

  /** @param {string | undefined} letter */
  const isLetter = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);

  /** 말과, 조사를 뗀 말입니다. 떼고 두 글자가 남아야 뗍니다. @param {string} word @returns {string[]} */
  function stems(word) {
    const found = [word];
    for (let cut = 2; cut < word.length; cut++) {
      if (PARTICLES.has(word.slice(cut))) found.push(word.slice(0, cut));
    }
    return found;
  }

  /**
   * 그 이름을, 없으면 그렇게 시작하는 이름을 가진 낱말입니다.
   * @param {string} word
   * @param {Concept[]} glossary
   */
  function concept(word, glossary) {
    const named = glossary.find(({ term, words }) => [term, ...words].includes(word));
    if (named || word.length < TYPED) return named;
    return glossary.find(({ words }) => words.some((name) => name.startsWith(word)));
  }

  /**
   * 찾을 꼴을 모두 적습니다: 그대로, 조사를 떼고, 용어집의 낱말과 그 영어로.
   * @param {string} word
   * @param {Concept[]} glossary
   * @returns {{ forms: Form[], page: string | null }}
   */
  function expand(word, glossary) {
    /** @type {Map<string, number>} */
    const weights = new Map();
    const add = (/** @type {string} */ text, /** @type {number} */ weight) => {
      if (text) weights.set(text, Math.max(weight, weights.get(text) ?? 0));
    };
    let about;
    for (const [cut, stem] of stems(word).entries()) {
      add(stem, cut ? STRIPPED : 1);
      const found = concept(stem, glossary);
      if (found) {
        about ??= found;
        add(found.term, KNOWN);
        add(found.words[0], TRANSLATED);
      }
    }
    const forms = [...weights].map(([text, weight]) => ({ text, weight }));
    return { forms, page: about?.page ?? null };
  }

  /**
   * 질문의 낱말 하나하나와, 이어 붙인 낱말들을 찾을 것으로 적습니다.
   * @param {string[]} words 빈 낱말이 있을 수 있음
   * @param {Concept[]} glossary
   * @returns {Wish[]}
   */
  function wishes(words, glossary) {
    const found = [];
    for (let first = 0; first < words.length; first++) {
      for (let last = first; last < Math.min(words.length, first + LONGEST_NAME); last++) {
        const joined = words.slice(first, last + 1).join("");
        if (!joined || (last > first && joined === words[first])) continue;
        const { forms, page } = expand(joined, glossary);
        const clauses = Array.from({ length: last - first + 1 }, (_, step) => first + step);
        found.push({ clauses, forms, page });
      }
    }
    return found;
  }

  /** 낱말들을 빈칸 없이 잇습니다. @param {[number, string][]} words 칠할 자리와 낱말 @returns {Passage} */
  function passage(words) {
    const starts = [], places = [];
    let text = "";
    for (const [place, word] of words.sort((one, other) => one[0] - other[0])) {
      starts.push(text.length);
      places.push(place);
      text += plain(word).replace(/\u200b/g, "");
    }
    return { text, starts, places };
  }

  /** 글자가 든 낱말의 차례입니다. @param {number[]} starts @param {number} at */
  function wordAt(starts, at) {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * 글에서 말을 찾습니다. 낱말에 걸친 것은 낱말의 처음에서 시작해야 하고, 아주 짧은 말은 낱말이어야 합니다.
   * @param {Passage} passage
   * @param {string} text
   * @returns {Hit[]}
   */
  function hits({ text: whole, starts }, text) {
    const found = [];
    const short = text.length < (/^[\x20-\x7e]*$/.test(text) ? 3 : 2);
    for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + text.length)) {
      const end = at + text.length;
      const first = wordAt(starts, at), last = wordAt(starts, end - 1);
      const begins = at === starts[first] || !isLetter(whole[at - 1]);
      const rest = whole.slice(end, starts[last + 1]).match(/^[\p{L}\p{N}_]*/u)?.[0] ?? "";
      const ends = !rest || PARTICLES.has(rest);
      if (begins ? short && !ends : short || first < last) continue;
      found.push({ first, last, fit: begins ? (ends ? 1 : PREFIX) : INSIDE });
    }
    return found;
  }

  /** 잘 맞을수록, 조금은 자주 나올수록 큽니다. @param {Hit[]} found */
  function strength(found) {
    const best = Math.max(...found.map(({ fit }) => fit));
    return best * (1 + Math.log(found.length) / 4);
  }

  /**
   * 글 하나에서 찾는 것의 점수와 칠할 자리입니다.
   * @param {Map<string, Passage>} fields
   * @param {Form[]} forms
   * @param {string[]} allowed 찾을 곳
   */
  function look(fields, forms, allowed) {
    let score = 0;
    /** @type {Map<string, Set<number>>} */
    const marks = new Map();
    for (const { text, weight } of forms) {
      let sum = 0;
      for (const field of text.includes(".") ? [...allowed, PATH] : allowed) {
        const place = fields.get(field);
        const found = place ? hits(place, text) : [];
        if (!place || !found.length) continue;
        const worth =
          field === PATH ? PATH_HAS
          : field !== "title" ? 1
          : place.text === text ? TITLE_IS
          : TITLE_HAS;
        sum += worth * strength(found);
        const marked = marks.get(field) ?? new Set();
        for (const { first, last } of found) {
          for (let word = first; word <= last; word++) marked.add(place.places[word]);
        }
        marks.set(field, marked);
      }
      score = Math.max(score, weight * sum);
    }
    return { score, marks };
  }

  /**
   * 찾아서, 점수가 큰 것부터 lunr의 꼴로 돌려줍니다.
   * @param {Library} library
   * @param {Clause[]} clauses
   * @param {{ REQUIRED: number, PROHIBITED: number }} presence
   * @param {Concept[]} glossary
   * @returns {Result[]}
   */
  function search(library, clauses, presence, glossary) {
    const forbidden = clauses.filter((clause) => clause.presence === presence.PROHIBITED);
    const asked = clauses.filter((clause) => clause.presence !== presence.PROHIBITED);
    const words = asked.map(({ term }) => squeeze(term));
    const filled = words.filter(Boolean).length;
    /** @type {Map<string, { score: number, covered: Set<number>, metadata: Marks, marked: Record<string, Set<number>> }>} */
    const found = new Map();
    for (const { clauses: covers, forms, page } of wishes(words, glossary)) {
      const allowed = asked[covers[0]].fields;
      const seen = [];
      for (const [ref, { fields }] of library) {
        const { score, marks } = look(fields, forms, allowed);
        const about = page === ref ? ABOUT : 0;
        if (score || about) seen.push({ ref, score: score + about, marks });
      }
      const rarity = Math.log(1 + library.size / (seen.length || 1)) * covers.length;
      for (const { ref, score, marks } of seen) {
        const result = found.get(ref) ?? { score: 0, covered: new Set(), metadata: {}, marked: {} };
        found.set(ref, result);
        result.score += score * rarity;
        for (const clause of covers) {
          if (words[clause]) result.covered.add(clause);
          const metadata = (result.metadata[asked[clause].term] ??= {});
          for (const [field, places] of marks) {
            const marked = (result.marked[field] ??= new Set());
            const fresh = [...places].filter((place) => !marked.has(place));
            for (const place of fresh) marked.add(place);  // 두 낱말이 함께 칠하면 테마가 표시를 깨뜨림
            metadata[field] = { position: [...(metadata[field]?.position ?? []), ...fresh] };
          }
        }
      }
    }
    const results = [];
    for (const [ref, { score, covered, metadata }] of found) {
      const { fields, boost } = /** @type {any} */ (library.get(ref));
      const missing = asked.some(
        (clause, place) => clause.presence === presence.REQUIRED && !covered.has(place),
      );
      const barred = forbidden.some(({ term, fields: allowed }) =>
        look(fields, [{ text: squeeze(term), weight: 1 }], allowed).score,
      );
      if (missing || barred) continue;
      const share = covered.size / filled;
      results.push({ ref, score: score * share * share * boost, matchData: { metadata } });
    }
    return results.sort((one, other) => other.score - one.score);
  }

  const glossary = GLOSSARY.map(({ term, words, page }) => ({
    term: squeeze(term),
    words: words.map(squeeze),
    page,
  }));
  Object.assign(self, {
    korean: { PATH, glossary, squeeze, stems, expand, wishes, passage, hits, search },
  });
})();
