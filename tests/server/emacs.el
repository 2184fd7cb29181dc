;; Opens the example in a real Emacs, with the lines of docs/editors.md; sees its findings, takes the safe fix, sees it
;; vanish, asks for completion and for what stands behind a name; nothing is saved.
(require 'cl-lib)
(require 'eglot)
(setq make-backup-files nil auto-save-default nil create-lockfiles nil
      eglot-send-changes-idle-time 0 eglot-autoshutdown nil enable-local-variables nil)
(load (getenv "LINES") nil t)

(defun say (form &rest arguments)
  (princ (apply #'format (concat form "\n") arguments)))

(defun wait (what holds)
  (let ((end (+ (float-time) 60)))
    (while (not (funcall holds))
      (when (> (float-time) end)
        (say "waited in vain: %s" what)
        (kill-emacs 1))
      (accept-process-output nil 0.05))))

(defun findings ()
  (sort (mapcar (lambda (each)
                  (format "%s:%d"
                          (let ((text (flymake-diagnostic-text each)))
                            (if (string-match "WS[0-9]+" text) (match-string 0 text) text))
                          (line-number-at-pos (flymake-diagnostic-beg each))))
                (flymake-diagnostics))
        #'string<))

(find-file (expand-file-name "wrangler.toml" (getenv "EXAMPLE")))
(conf-toml-mode)
(apply #'eglot (eglot--guess-contact))
(wait "four findings" (lambda () (= 4 (length (flymake-diagnostics)))))
(say "opened: %s" (string-join (findings) " "))

(goto-char (point-min))
(forward-line 2)
(setq last-nonmenu-event ?a) ; a key, no mouse: the menu is asked for in words
(cl-letf (((symbol-function 'completing-read)
           (lambda (_ items &rest _) (let ((first (car items))) (if (consp first) (car first) first)))))
  (eglot-code-actions (line-beginning-position) (line-end-position) nil t))
(wait "the finding gone" (lambda () (eglot--signal-textDocument/didChange) (= 3 (length (flymake-diagnostics)))))
(say "mended: %s" (string-join (findings) " "))
(say "line 3: %s" (buffer-substring (line-beginning-position) (line-end-position)))

(goto-char (point-min))
(insert "workers_d\n")
(backward-char)
(completion-at-point)
(say "completed: %s" (string-trim (buffer-substring (line-beginning-position) (line-end-position))))

(delete-region (point-min) (line-beginning-position 2))
(goto-char (point-min))
(search-forward "MatchDO")
(backward-char)
(eglot--signal-textDocument/didChange)
(let ((told (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                             (eglot--TextDocumentPositionParams))))
  (say "hover: %s" (car (split-string (plist-get (plist-get told :contents) :value) "\n"))))
(say "modified: %s" (buffer-modified-p))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot--current-server-or-lose))
(kill-emacs 0)
