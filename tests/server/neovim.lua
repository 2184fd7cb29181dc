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
vim.cmd("quitall!")
