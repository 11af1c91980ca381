/**
 * lunr의 속에 기대는 모든 것입니다. 빌드가 `search-korean.js`의 뒤에 잇습니다.
 *
 * lunr가 `use(lunr.ko)`로 부르면 낱말은 lunr가 그대로 모으게 하고, 찾기만 우리의 것으로 바꿉니다. 기대는
 * 것이 하나라도 없으면 lunr가 바뀐 것이므로, 틀린 결과를 내는 대신 멈춥니다.
 */
(() => {
  const { lunr, korean } = /** @type {any} */ (self);

  /** @param {Record<string, unknown>} insides */
  function rely(insides) {
    for (const [name, value] of Object.entries(insides)) {
      if (value === undefined) throw new Error(`lunr의 속이 바뀌었습니다: ${name}`);
    }
  }

  /** 모은 낱말을 글마다 다시 잇습니다. @param {any} builder */
  function library({ _documents: documents, invertedIndex }) {
    rely({ _documents: documents, invertedIndex });
    /** @type {Map<string, Map<string, [number, string][]>>} */
    const words = new Map(Object.keys(documents).map((ref) => [ref, new Map()]));
    for (const [word, posting] of Object.entries(invertedIndex)) {
      for (const field of ["title", "text"]) {
        for (const [ref, { position }] of Object.entries(posting[field] ?? {})) {
          rely({ position });
          const fields = words.get(ref);
          if (!fields?.has(field)) fields?.set(field, []);
          for (const place of position) fields?.get(field)?.push([place, word]);
        }
      }
    }
    return new Map([...words].map(([ref, fields]) => {
      const path = ref.split("#")[1];
      if (path?.includes(".")) fields.set(korean.PATH, [[0, path]]);
      const passages = new Map();
      for (const [field, list] of fields) passages.set(field, korean.passage(list));
      return [ref, { boost: documents[ref].boost ?? 1, fields: passages }];
    }));
  }

  /** @this {any} lunr의 builder */
  lunr.ko = function () {
    const { pipeline, searchPipeline, build } = this;
    rely({ pipeline, searchPipeline, build, Query: lunr.Query, QueryParser: lunr.QueryParser });
    pipeline.reset();
    searchPipeline.reset();
    this.build = () => {
      const index = build.call(this);
      const books = library(this);
      rely({ search: index.search, fields: index.fields, presence: lunr.Query.presence });
      index.search = (/** @type {string} */ text) => {
        const query = new lunr.Query(index.fields);
        new lunr.QueryParser(text, query).parse();
        rely({ clauses: query.clauses });
        for (const clause of query.clauses) clause.term = clause.term.replace(/^\*|\*$/g, "");
        return korean.search(books, query.clauses, lunr.Query.presence, korean.glossary);
      };
      return index;
    };
  };
})();
