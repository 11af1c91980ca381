// 표준 입력으로 받은 수식들(JSON)을 KaTeX로 그려 표준 출력에 JSON으로 적는다.
const katex = require("katex");

const read = () => require("node:fs").readFileSync(0, "utf8");

const draw = ({ formula, display }) => {
  try {
    return {
      html: katex.renderToString(formula, {
        displayMode: display,
        output: "htmlAndMathml",
        strict: "error",
        throwOnError: true,
        trust: false,
      }),
    };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
};

process.stdout.write(JSON.stringify(JSON.parse(read()).map(draw)));
