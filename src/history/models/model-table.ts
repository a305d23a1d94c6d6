// The models of histories, as a table: a new one costs its file and a row here.
//
// Each judges one object; keys are judged one by one, as that is as good as the whole.

import type { Model } from '../../check/linearizability/model.ts';
import type { JudgedCall } from '../call.ts';
import { modelOfRow, type ModelRow } from './model-row.ts';
import { appendList, setOfValues } from './collections.ts';
import type { HistoryModel } from './names.ts';
import { mutex, queue, unorderedQueue } from './queues.ts';
import { casRegister, counter, keyValue, register } from './registers.ts';

export const historyModelTable: Readonly<Record<HistoryModel, ModelRow>> = {
  register,
  'cas-register': casRegister,
  counter,
  'append-list': appendList,
  set: setOfValues,
  mutex,
  queue,
  'unordered-queue': unorderedQueue,
  'key-value': keyValue,
};

/**
 * The model of that name, for `checkCalls` with calls that come from no file. Texts of its calls are JSON, `null` is a
 * value that was never written.
 */
export const historyModel = (name: HistoryModel): Model<JudgedCall> => modelOfRow(historyModelTable[name]);
