// The beginning: a recording in the page, or a program that serves one. What goes wrong is shown, not swallowed.

async function start() {
  const embedded = $('recording');
  const app = embedded ? new App(new Recording(JSON.parse(embedded.textContent)), null) : await startLive();
  embedded?.remove();
  app.draw();
  document.documentElement.dataset.ready = 'yes';
}

function failed(problem) {
  console.error(problem);
  const box = $('failure');
  box.hidden = false;
  box.textContent = `This page could not show the recording: ${problem?.message ?? problem}`;
}

addEventListener('error', event => failed(event.error ?? event.message));
addEventListener('unhandledrejection', event => failed(event.reason));
start().catch(failed);
