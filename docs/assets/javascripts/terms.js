/**
 * 용어를 누르면 용어집으로 떠나는 대신 그 자리에서 뜻을 폅니다.
 * 닫는 일(Esc, 바깥 누르기)은 브라우저의 popover가 맡습니다. 스크립트가 없으면 여느 링크입니다.
 */
function open(/** @type {MouseEvent} */ event) {
  if (!(event.target instanceof Element)) return;
  const term = event.target.closest("a.term");
  if (!(term instanceof HTMLAnchorElement)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // 새 탭이나 창으로
  const meaning = document.getElementById(`meaning-${term.hash.slice(1)}`);
  if (!meaning?.showPopover) return;
  event.preventDefault();
  event.stopPropagation(); // 테마가 페이지를 옮기지 않도록
  meaning.showPopover(/** @type {any} */ ({ source: term }));
}

document.addEventListener("click", open, true);
