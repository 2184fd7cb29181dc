-- Opens the example in a real Neovim, sees its findings, takes the safe fix, sees it vanish; nothing is saved.
local config = vim.fn.getenv("EXAMPLE") .. "/wrangler.toml"

local function count()
  return #vim.diagnostic.get(nil)
end

local function wait(what, holds)
  if not vim.wait(30000, holds, 20) then
    io.stdout:write("waited in vain: " .. what .. ", " .. count() .. " findings\n")
    vim.cmd("cquit 1")
  end
end

local function list(title)
  io.stdout:write(title .. "\n")
  local found = vim.diagnostic.get(nil)
  table.sort(found, function(a, b)
    return a.code < b.code
  end)
  for _, each in ipairs(found) do
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(each.bufnr), ":t")
    io.stdout:write(string.format("%s:%d:%d %s\n", name, each.lnum + 1, each.col + 1, each.code))
  end
end

vim.cmd("edit " .. vim.fn.fnameescape(config))
local client = vim.lsp.start_client({
  name = "wslint",
  cmd = { vim.fn.getenv("PYTHON"), "-m", "wslint", "server" },
  root_dir = vim.fn.getenv("EXAMPLE"),
  workspace_folders = { { uri = vim.uri_from_fname(vim.fn.getenv("EXAMPLE")), name = "lobby" } },
})
vim.lsp.buf_attach_client(0, client)
wait("five findings", function()
  return count() == 5
end)
list("opened")

vim.api.nvim_win_set_cursor(0, { 3, 0 })
vim.ui.select = function(items, _, chosen)
  chosen(items[1]) -- the menu's first entry
end
vim.lsp.buf.code_action()
wait("the finding gone", function()
  return count() == 4
end)
list("mended")
io.stdout:write("line 3: " .. vim.api.nvim_buf_get_lines(0, 2, 3, true)[1] .. "\n")
io.stdout:write("modified: " .. tostring(vim.bo.modified) .. "\n")

-- Completion in a half-written line, and the trace over the fetch handler, which this Neovim gets as a message.
vim.api.nvim_buf_set_lines(0, 0, 0, true, { 'workers_d' })
vim.api.nvim_win_set_cursor(0, { 1, 9 })
vim.bo.omnifunc = "v:lua.vim.lsp.omnifunc"
local completed = vim.lsp.buf_request_sync(0, "textDocument/completion", vim.lsp.util.make_position_params(), 30000)
for _, answer in pairs(completed) do
  local items = vim.lsp.util.text_document_completion_list_to_complete_items(answer.result, "workers_d")
  io.stdout:write("completed: " .. #items .. " " .. vim.trim(items[1].word) .. "\n")
end
vim.api.nvim_buf_set_lines(0, 0, 1, true, {})

local message
vim.lsp.handlers["window/showMessage"] = function(_, result)
  message = result.message
end
vim.cmd("edit " .. vim.fn.fnameescape(vim.fn.getenv("EXAMPLE") .. "/src/index.ts"))
vim.lsp.buf_attach_client(0, client)
vim.lsp.codelens.refresh()
wait("the line over the handler", function()
  return #vim.lsp.codelens.get(0) > 0
end)
local lens = vim.lsp.codelens.get(0)[1]
io.stdout:write("over line " .. lens.range.start.line + 1 .. ": " .. lens.command.title .. "\n")
vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, 0 })
vim.lsp.codelens.run()
wait("the trace", function()
  return message ~= nil
end)
io.stdout:write("trace: " .. vim.split(message, "\n")[1] .. "\n")
vim.cmd("quitall!")
